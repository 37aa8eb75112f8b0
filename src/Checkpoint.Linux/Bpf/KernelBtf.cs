using System;
using System.Buffers.Binary;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;

namespace Checkpoint.Linux.Bpf;

/// <summary>
/// Which functions and types the running kernel has, by its own description of them (BTF, <c>/sys/kernel/btf/vmlinux</c>).
/// Read once; a question costs a few hundred microseconds.
/// </summary>
internal sealed class KernelBtf
{
    /// <summary>Where the kernel keeps it (CONFIG_DEBUG_INFO_BTF).</summary>
    internal const string Path = "/sys/kernel/btf/vmlinux";

    private const ushort Magic = 0xeb9f;
    private const int HeaderSize = 24;
    private const int TypeSize = 12;

    /// <summary>A kernel has some 5 MB of it.</summary>
    private const int MaxLength = 64 * 1024 * 1024;

    private readonly byte[] _strings;

    // By type id: where the name begins, and the kind. Ids count from 1; 0 is void.
    private readonly uint[] _names;
    private readonly byte[] _kinds;

    private KernelBtf(byte[] strings, uint[] names, byte[] kinds)
    {
        _strings = strings;
        _names = names;
        _kinds = kinds;
    }

    /// <summary>How many types there are, <c>void</c> not among them.</summary>
    internal int TypeCount => _names.Length - 1;

    /// <summary>Reads the running kernel's.</summary>
    /// <param name="btf">The answer; null unless the result is 0.</param>
    /// <returns>0, or a negative errno: ENOENT without CONFIG_DEBUG_INFO_BTF, EPROTO for bytes that are no BTF known here.</returns>
    internal static int Read(out KernelBtf? btf)
    {
        btf = null;
        byte[] bytes = GC.AllocateUninitializedArray<byte>(8 * 1024 * 1024);
        int fd = ProcFile.Open(Libc.AT_FDCWD, "/sys/kernel/btf/vmlinux\0"u8);
        if (fd < 0)
        {
            return fd;
        }

        int length = 0;
        int got;
        while ((got = ProcFile.Read(fd, bytes.AsSpan(length))) > 0)
        {
            length += got;
            if (length == bytes.Length && length < MaxLength)
            {
                Array.Resize(ref bytes, length * 2);
            }
        }

        _ = Libc.close(fd);
        if (got < 0)
        {
            return got;
        }

        btf = Parse(bytes.AsSpan(0, length));
        return btf is null ? -Errno.EPROTO : 0;
    }

    /// <summary>Indexes BTF (<c>linux/btf.h</c>, version 1, little-endian).</summary>
    /// <param name="bytes">All of it; any bytes are safe.</param>
    /// <returns>The index; null when it is damaged, or has kinds of types whose sizes are not known here.</returns>
    internal static KernelBtf? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize || BinaryPrimitives.ReadUInt16LittleEndian(bytes) != Magic || bytes[2] != 1)
        {
            return null;
        }

        uint headerLength = U32(bytes, 4);
        if (headerLength < HeaderSize
            || !TrySlice(bytes, (ulong)headerLength + U32(bytes, 8), U32(bytes, 12), out ReadOnlySpan<byte> types)
            || !TrySlice(bytes, (ulong)headerLength + U32(bytes, 16), U32(bytes, 20), out ReadOnlySpan<byte> strings))
        {
            return null;
        }

        // No type takes less than its fixed part, so the bytes bound the count.
        uint[] names = new uint[(types.Length / TypeSize) + 1];
        byte[] kinds = new byte[names.Length];
        int count = 1;
        int at = 0;
        while (at < types.Length)
        {
            if (types.Length - at < TypeSize)
            {
                return null;
            }

            uint info = U32(types, at + 4);
            int kind = (int)(info >> 24) & 0x1f;
            int trailer = TrailerSize(kind, (int)(info & 0xffff));
            if (trailer < 0 || trailer > types.Length - at - TypeSize)
            {
                return null;
            }

            names[count] = U32(types, at);
            kinds[count++] = (byte)kind;
            at += TypeSize + trailer;
        }

        return new KernelBtf(strings.ToArray(), names[..count], kinds[..count]);
    }

    /// <summary>Whether the kernel has a function; for a kfunc: whether it is built in.</summary>
    /// <param name="name">Such as <c>bpf_task_from_pid</c>.</param>
    internal bool HasFunction(ReadOnlySpan<byte> name) => Find(name, BtfKind.Function) != 0;

    /// <summary>Whether the kernel has a struct.</summary>
    /// <param name="name">Its tag.</param>
    internal bool HasStruct(ReadOnlySpan<byte> name) => Find(name, BtfKind.Struct) != 0;

    /// <summary>The type id of a function: what a call of a kfunc and the target of an iterator program name.</summary>
    /// <param name="name">Such as <c>bpf_iter_task</c>.</param>
    /// <returns>The id, or 0 when the kernel has no such function.</returns>
    internal int FunctionId(ReadOnlySpan<byte> name) => Find(name, BtfKind.Function);

    /// <summary>Looks up a type by name and kind.</summary>
    /// <param name="name">Without NUL.</param>
    /// <param name="kind">Which kind.</param>
    /// <returns>The first such type's id, or 0.</returns>
    internal int Find(ReadOnlySpan<byte> name, BtfKind kind)
    {
        // A name's bytes may stand at several places, as the end of a longer name among them: each may be what a type names.
        ReadOnlySpan<byte> strings = _strings;
        int from = 0;
        int found;
        while (!name.IsEmpty && (found = strings[from..].IndexOf(name)) >= 0)
        {
            int at = from + found;
            int end = at + name.Length;
            int id = end < strings.Length && strings[end] == 0 ? FindNamedAt((uint)at, kind) : 0;
            if (id != 0)
            {
                return id;
            }

            from = at + 1;
        }

        return 0;
    }

    private int FindNamedAt(uint offset, BtfKind kind)
    {
        int id = 0;
        int found;
        while ((found = _names.AsSpan(id + 1).IndexOf(offset)) >= 0)
        {
            id += 1 + found;
            if (_kinds[id] == (byte)kind)
            {
                return id;
            }
        }

        return 0;
    }

    private static bool TrySlice(ReadOnlySpan<byte> bytes, ulong offset, uint length, out ReadOnlySpan<byte> part)
    {
        bool fits = offset <= (ulong)bytes.Length && length <= (ulong)bytes.Length - offset;
        part = fits ? bytes.Slice((int)offset, (int)length) : default;
        return fits;
    }

    /// <summary>Bytes behind the fixed part of a type; -1 for a kind that is not known.</summary>
    private static int TrailerSize(int kind, int members) => (BtfKind)kind switch
    {
        BtfKind.Integer or BtfKind.Variable or BtfKind.DeclarationTag => 4,
        BtfKind.Array => 12,
        BtfKind.Struct or BtfKind.Union or BtfKind.DataSection or BtfKind.Enum64 => 12 * members,
        BtfKind.Enum or BtfKind.FunctionPrototype => 8 * members,
        BtfKind.Pointer or BtfKind.Forward or BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict
            or BtfKind.Function or BtfKind.Float or BtfKind.TypeTag => 0,
        _ => -1,
    };

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
