using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Checkpoint.Linux.Tests.Abi;

/// <summary>Reads the kernel's own description of its types (<c>/sys/kernel/btf/vmlinux</c>, little-endian), as far as struct layouts go.</summary>
public sealed class BtfReader
{
    /// <summary>Where the running kernel keeps it.</summary>
    public const string Vmlinux = "/sys/kernel/btf/vmlinux";

    private const ushort Magic = 0xeb9f;
    private const int TypeHeaderSize = 12;
    private const int PointerSize = 8;

    private readonly byte[] _bytes;
    private readonly int _strings;
    private readonly List<int> _types = [0];
    private readonly Dictionary<string, int> _structs = [];

    /// <summary>Indexes the types.</summary>
    /// <param name="bytes">The whole file.</param>
    public BtfReader(byte[] bytes)
    {
        _bytes = bytes;
        if (U16(0) != Magic)
        {
            throw new InvalidDataException($"BTF magic {U16(0):x}");
        }

        int header = (int)U32(4);
        int at = header + (int)U32(8);
        int end = at + (int)U32(12);
        _strings = header + (int)U32(16);
        while (at < end)
        {
            if (Kind(at) is BtfKind.Struct or BtfKind.Union)
            {
                _structs.TryAdd(Text(U32(at)), _types.Count);
            }

            _types.Add(at);
            at += TypeHeaderSize + TrailerSize(at);
        }
    }

    /// <summary>The layout of a struct or union with its anonymous members flattened, and those of a member as "member.name".</summary>
    /// <param name="name">The kernel's name.</param>
    /// <returns>Size, and offset and size of each named member; null when the kernel has no such struct.</returns>
    public KernelLayout? Struct(string name)
    {
        if (!_structs.TryGetValue(name, out int id))
        {
            return null;
        }

        List<KernelMember> members = [];
        AddMembers(id, 0, "", members);
        return new KernelLayout(name, (int)U32(_types[id] + 8), members);
    }

    private void AddMembers(int id, int baseOffset, string prefix, List<KernelMember> members)
    {
        int at = _types[id];
        bool bitfields = (U32(at + 4) & 0x8000_0000) != 0;
        for (int i = 0; i < Count(at); i++)
        {
            int member = at + TypeHeaderSize + (i * 12);
            uint offsetBits = bitfields ? U32(member + 8) & 0xff_ffff : U32(member + 8);
            int offset = baseOffset + (int)(offsetBits / 8);
            string name = Text(U32(member));
            int type = Resolve((int)U32(member + 4));
            if (name.Length > 0)
            {
                members.Add(new KernelMember(prefix + name, offset, SizeOf(type)));
                name += ".";
            }

            // Only what C nests without a pointer: the depth is that of the source.
            if (Kind(_types[type]) is BtfKind.Struct or BtfKind.Union)
            {
                AddMembers(type, offset, prefix + name, members);
            }
        }
    }

    private int Resolve(int id)
    {
        while (id != 0 && Kind(_types[id]) is BtfKind.Typedef or BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag)
        {
            id = (int)U32(_types[id] + 8);
        }

        return id;
    }

    private int SizeOf(int id)
    {
        id = Resolve(id);
        int at = _types[id];
        return id == 0 ? 0 : Kind(at) switch
        {
            BtfKind.Pointer => PointerSize,
            BtfKind.Array => SizeOf((int)U32(at + TypeHeaderSize)) * (int)U32(at + TypeHeaderSize + 8),
            _ => (int)U32(at + 8),
        };
    }

    private int TrailerSize(int at) => Kind(at) switch
    {
        BtfKind.Int or BtfKind.Variable or BtfKind.DeclarationTag => 4,
        BtfKind.Array => 12,
        BtfKind.Struct or BtfKind.Union or BtfKind.DataSection or BtfKind.Enum64 => 12 * Count(at),
        BtfKind.Enum or BtfKind.FunctionPrototype => 8 * Count(at),
        _ => 0,
    };

    private BtfKind Kind(int at) => (BtfKind)((U32(at + 4) >> 24) & 0x1f);

    private int Count(int at) => (int)(U32(at + 4) & 0xffff);

    private string Text(uint offset)
    {
        ReadOnlySpan<byte> rest = _bytes.AsSpan(_strings + (int)offset);
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at));

    private uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at));
}
