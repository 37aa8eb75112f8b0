using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Checkpoint.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace Checkpoint.Linux;

/// <summary>
/// Names of files are bytes, arguments of this program are text. So that no byte is lost, text holds each byte that is not
/// valid UTF-8 as one lone surrogate, U+DC80 to U+DCFF (Python's "surrogateescape").
/// </summary>
public static class FileName
{
    private const char FirstEscape = '\uDC80';
    private const char LastEscape = '\uDCFF';
    private const char Replacement = '\uFFFD';

    /// <summary>Makes text of bytes.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <returns>Text from which <see cref="Bytes"/> makes the same bytes.</returns>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        while (!bytes.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf8(bytes, out Rune rune, out int used) == System.Buffers.OperationStatus.Done;
            if (valid)
            {
                _ = text.Append(rune.ToString());
            }
            else
            {
                foreach (byte invalid in bytes[..used])
                {
                    _ = text.Append((char)(FirstEscape - 0x80 + invalid));
                }
            }

            bytes = bytes[used..];
        }

        return text.ToString();
    }

    /// <summary>Makes bytes of text.</summary>
    /// <param name="text">Text, perhaps of <see cref="Text"/>.</param>
    /// <returns>The bytes.</returns>
    public static byte[] Bytes(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.AsSpan().IndexOfAnyInRange(FirstEscape, LastEscape) < 0)
        {
            return Encoding.UTF8.GetBytes(text);
        }

        using MemoryStream bytes = new();
        ReadOnlySpan<char> rest = text;
        Span<byte> room = stackalloc byte[4];
        while (!rest.IsEmpty)
        {
            // The second half of a pair is in the same range, but decodes with the first.
            bool valid = Rune.DecodeFromUtf16(rest, out Rune rune, out int used) == System.Buffers.OperationStatus.Done;
            if (!valid && rest[0] is >= FirstEscape and <= LastEscape)
            {
                bytes.WriteByte((byte)(rest[0] - FirstEscape + 0x80));
            }
            else
            {
                bytes.Write(room[..rune.EncodeToUtf8(room)]);
            }

            rest = rest[used..];
        }

        return bytes.ToArray();
    }

    /// <summary>
    /// The arguments without loss. The runtime puts U+FFFD in the place of what is not UTF-8; the bytes themselves lie one
    /// after the other, from the program's name on, where the kernel put them. <c>/proc</c> need not be there.
    /// </summary>
    /// <param name="args">As the runtime gives them.</param>
    /// <returns>The arguments, the lost bytes restored.</returns>
    public static string[] Restore(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        if (!OperatingSystem.IsLinux() || !Array.Exists(args, static arg => arg.Contains(Replacement, StringComparison.Ordinal))
            || !NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "program_invocation_name", out nint variable))
        {
            return args;
        }

        nint text = Marshal.ReadIntPtr(variable);

        // Before the arguments stands the program's name; where the runtime's own program runs it, also the assembly's.
        for (int before = 0; before < 2; before++)
        {
            text = Next(text, out _);
            nint at = text;
            string[] restored = new string[args.Length];
            bool same = true;
            for (int i = 0; i < args.Length && same; i++)
            {
                at = Next(at, out byte[] bytes);
                restored[i] = Text(bytes);
                same = Shape(restored[i]) == Shape(args[i]);
            }

            if (same)
            {
                return restored;
            }
        }

        return args;
    }

    /// <summary>Opens a file for reading.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="errno">0, or why it could not be opened; EISDIR for a folder.</param>
    /// <returns>The file, or null.</returns>
    public static SafeFileHandle? OpenToRead(string name, out int errno)
    {
        byte[] path = Bytes(name);
        errno = path.AsSpan().Contains((byte)0) ? Errno.ENOENT : 0;
        if (errno != 0)
        {
            return null;
        }

        int fd = Procfs.ProcFile.Open(Libc.AT_FDCWD, [.. path, 0], Libc.O_RDONLY | Libc.O_NOCTTY);
        errno = Math.Max(0, -fd);
        if (fd < 0)
        {
            return null;
        }

        SafeFileHandle file = new(fd, ownsHandle: true);
        errno = Libc.StatOf(fd, out Statx found) is int refused and not 0 ? refused : (found.StxMode & Libc.S_IFMT) == Libc.S_IFDIR ? Errno.EISDIR : 0;
        if (errno == 0)
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    /// <summary>What remains of a text when what is not UTF-8 is left out, however many characters stand for it.</summary>
    private static string Shape(string text)
    {
        StringBuilder shape = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value == Replacement ? shape : shape.Append(rune.ToString());
        }

        return shape.ToString();
    }

    /// <summary>Reads the text at an address and finds the one behind it.</summary>
    private static unsafe nint Next(nint text, out byte[] bytes)
    {
        // SAFETY: the kernel ends each argument with a NUL and puts the environment and the program's path behind the last one.
        bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)text).ToArray();
        return text + bytes.Length + 1;
    }
}
