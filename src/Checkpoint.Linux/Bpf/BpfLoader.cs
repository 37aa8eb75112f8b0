using System;
using System.Buffers.Binary;
using System.IO;
using Checkpoint.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace Checkpoint.Linux.Bpf;

/// <summary>
/// Loads the programs that are embedded here as <c>*.bpf.bin</c>. Such a file holds a program which, run once, creates the
/// maps and loads the others, fitted to the running kernel (bpftool's "light skeleton"), so nothing but bpf(2) is needed.
/// </summary>
internal static unsafe class BpfLoader
{
    private const string Resource = "task_diag.bpf.bin";
    private const string IteratorResource = "task_diag_iter.bpf.bin";
    private const uint Magic = 0x42504b43; // CKPB
    private const int HeadSize = 24;
    private const int ContextSize = 24;
    private const int MapSize = 16;

    /// <summary>Tells one build of the programs from another: FNV-1a of the file.</summary>
    internal static ulong Digest
    {
        get
        {
            ulong digest = 14695981039346656037;
            foreach (byte value in Read(Resource))
            {
                digest = (digest ^ value) * 1099511628211;
            }

            return digest;
        }
    }

    /// <summary>Loads the programs.</summary>
    /// <param name="slots">How many slots.</param>
    /// <returns>The program; unloaded when it is disposed.</returns>
    /// <exception cref="KernelException">
    /// EPERM: CAP_BPF or CAP_PERFMON is missing. EINVAL, ENOENT…: this kernel lacks something that the programs need.
    /// </exception>
    internal static BpfProgram Load(int slots)
    {
        (SafeFileHandle map, SafeFileHandle[] programs) = Load(Resource, slots);
        return new BpfProgram(programs[0], map, slots, "loaded");
    }

    /// <summary>Loads the programs for kernels without open-coded iterators.</summary>
    /// <param name="slots">How many slots.</param>
    /// <param name="narrow">False: do as on a kernel that does not narrow iterators to one task.</param>
    /// <returns>The programs; unloaded when it is disposed.</returns>
    /// <exception cref="KernelException">See <see cref="Load(int)"/>.</exception>
    internal static BpfProgram LoadIterators(int slots, bool narrow = true)
    {
        int count = Math.Min(slots, BpfWalk.MaxSlots);
        (SafeFileHandle map, SafeFileHandle[] programs) = Load(IteratorResource, count);
        return new BpfProgram(programs[0], map, count, "loaded", vmas: programs[1]) { Narrows = narrow && BpfIterator.CanNarrow(programs[0]) };
    }

    private static (SafeFileHandle Map, SafeFileHandle[] Programs) Load(string resource, int slots)
    {
        byte[] file = Read(resource);
        ReadOnlySpan<byte> head = file.AsSpan(0, HeadSize);
        if (BinaryPrimitives.ReadUInt32LittleEndian(head) != Magic)
        {
            throw new InvalidDataException($"{resource} is damaged");
        }

        int dataLength = BinaryPrimitives.ReadInt32LittleEndian(head[8..]);
        int codeLength = BinaryPrimitives.ReadInt32LittleEndian(head[12..]);
        int maps = BinaryPrimitives.ReadInt32LittleEndian(head[16..]);
        int programs = BinaryPrimitives.ReadInt32LittleEndian(head[20..]);

        // struct bpf_loader_ctx, a descriptor for each map (fd, number of elements, …) and for each program (fd).
        Span<byte> context = stackalloc byte[ContextSize + (maps * MapSize) + (programs * sizeof(int))];
        context.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(context, context.Length);
        BinaryPrimitives.WriteInt32LittleEndian(context[(ContextSize + 4)..], slots);
        fixed (byte* bytes = file)
        {
            using SafeFileHandle data = CreateMap(dataLength);
            FillMap(data, bytes + HeadSize);
            using SafeFileHandle loader = LoadLoader(bytes + HeadSize + dataLength, codeLength, data);
            RunLoader(loader, context);
        }

        SafeFileHandle map = new(BinaryPrimitives.ReadInt32LittleEndian(context[ContextSize..]), ownsHandle: true);
        for (int other = 1; other < maps; other++)
        {
            // The programs hold them by themselves.
            _ = Libc.close(BinaryPrimitives.ReadInt32LittleEndian(context[(ContextSize + (other * MapSize))..]));
        }

        SafeFileHandle[] loaded = new SafeFileHandle[programs];
        for (int i = 0; i < programs; i++)
        {
            loaded[i] = new SafeFileHandle(BinaryPrimitives.ReadInt32LittleEndian(context[(ContextSize + (maps * MapSize) + (i * sizeof(int)))..]), ownsHandle: true);
        }

        return (map, loaded);
    }

    private static byte[] Read(string resource)
    {
        using Stream stream = typeof(BpfLoader).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{resource} is not embedded");
        byte[] file = new byte[stream.Length];
        stream.ReadExactly(file);
        return file;
    }

    private static SafeFileHandle CreateMap(int size)
    {
        BpfAttr create = new() { MapType = Libc.BPF_MAP_TYPE_ARRAY, KeySize = sizeof(uint), ValueSize = (uint)size, MaxEntries = 1 };
        // SAFETY: the struct holds no addresses.
        return new SafeFileHandle(Check("create", "BPF map", Libc.Bpf(Libc.BPF_MAP_CREATE, &create)), ownsHandle: true);
    }

    private static void FillMap(SafeFileHandle map, byte* value)
    {
        uint key = 0;
        BpfAttr update = new() { MapFd = (int)map.DangerousGetHandle(), Key = (ulong)&key, Value = (ulong)value };
        // SAFETY: key and value live through the call; the value has the map's value size.
        _ = Check("fill", "BPF map", Libc.Bpf(Libc.BPF_MAP_UPDATE_ELEM, &update));
    }

    private static SafeFileHandle LoadLoader(byte* code, int length, SafeFileHandle data)
    {
        int map = (int)data.DangerousGetHandle();
        fixed (byte* license = "Dual BSD/GPL\0"u8)
        {
            BpfAttr load = new()
            {
                ProgType = Libc.BPF_PROG_TYPE_SYSCALL,
                InsnCnt = (uint)length / sizeof(ulong),
                Insns = (ulong)code,
                License = (ulong)license,
                ProgFlags = Libc.BPF_F_SLEEPABLE,
                FdArray = (ulong)&map,
            };
            // SAFETY: all that the struct points at is pinned or local for the call.
            return new SafeFileHandle(Check("load", "BPF loader", Libc.Bpf(Libc.BPF_PROG_LOAD, &load)), ownsHandle: true);
        }
    }

    private static void RunLoader(SafeFileHandle loader, Span<byte> context)
    {
        fixed (byte* p = context)
        {
            BpfAttr run = new() { TestProgFd = (uint)loader.DangerousGetHandle(), TestCtxIn = (ulong)p, TestCtxSizeIn = (uint)context.Length };
            // SAFETY: the context is pinned and has the size told.
            _ = Check("run", "BPF loader", Libc.Bpf(Libc.BPF_PROG_TEST_RUN, &run));
            _ = Check("load", "BPF program", (int)run.TestRetval);
        }
    }

    private static int Check(string operation, string what, int result) =>
        result >= 0 ? result : throw new KernelException(operation, what, -result);
}
