using System.Runtime.InteropServices;

namespace Checkpoint.Linux.Interop;

/// <summary>
/// <c>union bpf_attr</c> (<c>linux/bpf.h</c>), argument of bpf(2), as far as it is used here. Start from zeroes and set the
/// fields of one command: the kernel takes a size other than its own where what it does not know is zero.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 144)]
internal struct BpfAttr
{
    /// <summary>BPF_MAP_CREATE: BPF_MAP_TYPE_*.</summary>
    [FieldOffset(0)]
    internal uint MapType;

    /// <summary>BPF_MAP_CREATE: bytes of a key.</summary>
    [FieldOffset(4)]
    internal uint KeySize;

    /// <summary>BPF_MAP_CREATE: bytes of a value.</summary>
    [FieldOffset(8)]
    internal uint ValueSize;

    /// <summary>BPF_MAP_CREATE: how many entries.</summary>
    [FieldOffset(12)]
    internal uint MaxEntries;

    /// <summary>BPF_MAP_CREATE: BPF_F_*.</summary>
    [FieldOffset(16)]
    internal uint MapFlags;

    /// <summary>BPF_PROG_LOAD: BPF_PROG_TYPE_*.</summary>
    [FieldOffset(0)]
    internal uint ProgType;

    /// <summary>BPF_PROG_LOAD: how many instructions of 8 bytes.</summary>
    [FieldOffset(4)]
    internal uint InsnCnt;

    /// <summary>BPF_PROG_LOAD: address of the instructions.</summary>
    [FieldOffset(8)]
    internal ulong Insns;

    /// <summary>BPF_PROG_LOAD: address of the licence, NUL-terminated.</summary>
    [FieldOffset(16)]
    internal ulong License;

    /// <summary>BPF_PROG_LOAD: BPF_F_*.</summary>
    [FieldOffset(44)]
    internal uint ProgFlags;

    /// <summary>BPF_PROG_LOAD: BPF_TRACE_ITER and the like.</summary>
    [FieldOffset(68)]
    internal uint ExpectedAttachType;

    /// <summary>BPF_PROG_LOAD: BTF id of the function that a tracing program is for.</summary>
    [FieldOffset(108)]
    internal uint AttachBtfId;

    /// <summary>BPF_PROG_TEST_RUN: the program.</summary>
    [FieldOffset(0)]
    internal uint TestProgFd;

    /// <summary>BPF_PROG_TEST_RUN, out: what the program returned.</summary>
    [FieldOffset(4)]
    internal uint TestRetval;

    /// <summary>BPF_PROG_LOAD: address of the map descriptors that instructions refer to by index.</summary>
    [FieldOffset(120)]
    internal ulong FdArray;

    /// <summary>BPF_PROG_TEST_RUN: bytes of context; the kernel writes them back.</summary>
    [FieldOffset(40)]
    internal uint TestCtxSizeIn;

    /// <summary>BPF_PROG_TEST_RUN: address of the context.</summary>
    [FieldOffset(48)]
    internal ulong TestCtxIn;

    /// <summary>BPF_MAP_UPDATE_ELEM: the map.</summary>
    [FieldOffset(0)]
    internal int MapFd;

    /// <summary>BPF_MAP_UPDATE_ELEM: address of the key.</summary>
    [FieldOffset(8)]
    internal ulong Key;

    /// <summary>BPF_MAP_UPDATE_ELEM: address of the value.</summary>
    [FieldOffset(16)]
    internal ulong Value;

    /// <summary>BPF_OBJ_PIN, BPF_OBJ_GET: address of a path below a bpf file system, NUL-terminated.</summary>
    [FieldOffset(0)]
    internal ulong Pathname;

    /// <summary>BPF_OBJ_PIN: the object.</summary>
    [FieldOffset(8)]
    internal int BpfFd;

    /// <summary>BPF_LINK_CREATE: the program.</summary>
    [FieldOffset(0)]
    internal uint ProgFd;

    /// <summary>BPF_LINK_CREATE: BPF_TRACE_ITER and the like.</summary>
    [FieldOffset(8)]
    internal uint AttachType;

    /// <summary>BPF_LINK_CREATE: address of a <see cref="BpfIterLinkInfo"/>.</summary>
    [FieldOffset(16)]
    internal ulong IterInfo;

    /// <summary>BPF_LINK_CREATE: bytes of it.</summary>
    [FieldOffset(24)]
    internal uint IterInfoLen;

    /// <summary>BPF_ITER_CREATE: the link.</summary>
    [FieldOffset(0)]
    internal uint LinkFd;
}
