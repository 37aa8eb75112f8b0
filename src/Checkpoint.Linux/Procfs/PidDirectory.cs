using System;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Interop;

namespace Checkpoint.Linux.Procfs;

/// <summary>Lists the numeric entries of <c>/proc</c> or <c>/proc/[pid]/task</c>, in the kernel's (ascending) order.</summary>
internal static unsafe class PidDirectory
{
    // struct linux_dirent64: u64 ino 0, s64 off 8, u16 reclen 16, u8 type 18, name 19.
    private const int ReclenOffset = 16;
    private const int NameOffset = 19;

    /// <summary>Reads the next part of a directory into <paramref name="pids"/>, replacing what it held.</summary>
    /// <param name="fd">An open directory.</param>
    /// <param name="buffer">Scratch, at least 1 KiB.</param>
    /// <param name="pids">Grown as needed.</param>
    /// <returns>How many pids; 0 at the end; or a negative errno.</returns>
    internal static int Next(int fd, Span<byte> buffer, ref int[] pids)
    {
        while (true)
        {
            nint got;
            // SAFETY: the span bounds the call.
            fixed (byte* p = buffer)
            {
                got = Libc.getdents64(fd, p, (nuint)buffer.Length);
            }

            if (got <= 0)
            {
                return got == 0 ? 0 : -Marshal.GetLastPInvokeError();
            }

            int count = Parse(buffer[..(int)got], ref pids);
            if (count > 0)
            {
                return count;
            }
        }
    }

    private static int Parse(ReadOnlySpan<byte> entries, ref int[] pids)
    {
        int count = 0;
        while (entries.Length > NameOffset)
        {
            int length = MemoryMarshal.Read<ushort>(entries[ReclenOffset..]);
            ReadOnlySpan<byte> name = entries[NameOffset..length];
            name = name[..name.IndexOf((byte)0)];
            if (Utf8Parser.TryParse(name, out int pid, out int used) && used == name.Length && pid > 0)
            {
                if (count == pids.Length)
                {
                    Array.Resize(ref pids, count * 2);
                }

                pids[count++] = pid;
            }

            entries = entries[length..];
        }

        return count;
    }
}
