using System;
using System.Runtime.InteropServices;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;

namespace Checkpoint.Linux.Checks;

/// <summary>
/// What of BPF works, found by creating maps and loading programs. They are gone with their descriptors, and no program
/// is attached to anything.
/// </summary>
internal sealed unsafe class BpfProbes(CallerFacts caller)
{
    private const int Answer = 42;
    private KernelBtf? _btf;
    private int? _btfErrno;
    private int? _mapErrno;

    /// <summary>Whether one may create a map at all.</summary>
    internal CheckFinding Syscall()
    {
        int errno = MapErrno;
        return errno == 0 ? new(CheckFeature.BpfSyscall, CheckStatus.Ok) : Refused(CheckFeature.BpfSyscall, errno);
    }

    /// <summary>Whether the kernel's types can be read.</summary>
    internal CheckFinding Btf()
    {
        int errno = BtfErrno;
        CheckCause cause = errno switch
        {
            0 => CheckCause.None,
            Errno.ENOENT => CheckCause.KernelLacks,
            Errno.EPROTO => CheckCause.UnknownForm,
            _ => CheckCause.Blocked,
        };
        return new(CheckFeature.BpfBtf, errno == 0 ? CheckStatus.Ok : CheckStatus.Missing, cause, errno);
    }

    /// <summary>Whether programs are compiled: proven by one that calls a kernel function, else by the setting.</summary>
    internal CheckFinding Jit()
    {
        if (Rcu().Status == CheckStatus.Ok)
        {
            return new(CheckFeature.BpfJit, CheckStatus.Ok);
        }

        byte[] text = new byte[16];
        int length = ProcFile.ReadOnce(Libc.AT_FDCWD, "/proc/sys/net/core/bpf_jit_enable\0"u8, ref text);
        if (length > 0)
        {
            bool off = text[0] == (byte)'0';
            return new(CheckFeature.BpfJit, off ? CheckStatus.Missing : CheckStatus.Ok, off ? CheckCause.SwitchedOff : CheckCause.None);
        }

        // The setting is one of the initial network namespace alone.
        return new(CheckFeature.BpfJit, CheckStatus.Limited, CheckCause.UnknownForm, -length);
    }

    /// <summary>Whether an array can be shared with the kernel by mmap(2).</summary>
    internal CheckFinding MmapArray()
    {
        nuint page = (nuint)Environment.SystemPageSize;
        int fd = CreateArray((uint)page, Libc.BPF_F_MMAPABLE);
        if (fd < 0)
        {
            return Refused(CheckFeature.BpfMmapArray, -fd);
        }

        // SAFETY: the map has one value of a page's length; nobody else has it.
        void* memory = Libc.mmap(null, page, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED, fd, 0);
        int errno = memory == (void*)-1 ? Marshal.GetLastPInvokeError() : 0;
        if (errno == 0)
        {
            *(int*)memory = Answer;
            _ = Libc.munmap(memory, page);
        }

        _ = Libc.close(fd);
        return errno == 0 ? new(CheckFeature.BpfMmapArray, CheckStatus.Ok) : Refused(CheckFeature.BpfMmapArray, errno);
    }

    /// <summary>Whether a program that does nothing can be loaded and run on request.</summary>
    internal CheckFinding SyscallProgram()
    {
        int fd = Load(new BpfCode().Return(Answer), Libc.BPF_PROG_TYPE_SYSCALL, 0);
        if (fd < 0)
        {
            return Refused(CheckFeature.BpfSyscallProgram, -fd);
        }

        BpfAttr attr = default;
        attr.TestProgFd = (uint)fd;
        int result = Libc.Bpf(Libc.BPF_PROG_TEST_RUN, &attr);
        _ = Libc.close(fd);
        return result < 0 ? Refused(CheckFeature.BpfSyscallProgram, -result)
            : attr.TestRetval == Answer ? new(CheckFeature.BpfSyscallProgram, CheckStatus.Ok)
            : new(CheckFeature.BpfSyscallProgram, CheckStatus.Missing, CheckCause.UnknownForm);
    }

    /// <summary>Whether such a program may take the RCU read lock.</summary>
    internal CheckFinding Rcu() => Calls(CheckFeature.BpfRcu, BpfPrograms.Rcu);

    /// <summary>Whether it may go over tasks.</summary>
    internal CheckFinding TaskLoop() => Calls(CheckFeature.BpfTaskLoop, BpfPrograms.Tasks);

    /// <summary>Whether it may go over VMAs.</summary>
    internal CheckFinding VmaLoop() => Calls(CheckFeature.BpfVmaLoop, BpfPrograms.Vmas);

    /// <summary>Whether it may look up a task by its number in the initial pid namespace.</summary>
    internal CheckFinding TaskFromPid() =>
        Calls(CheckFeature.BpfTaskFromPid, btf => BpfPrograms.TaskByNumber(btf, "bpf_task_from_pid"));

    /// <summary>Whether it may look up a task by its number in the caller's pid namespace.</summary>
    internal CheckFinding TaskFromVpid() =>
        Calls(CheckFeature.BpfTaskFromVpid, btf => BpfPrograms.TaskByNumber(btf, "bpf_task_from_vpid"));

    /// <summary>Whether an iterator program can be loaded.</summary>
    /// <param name="feature">For the finding.</param>
    /// <param name="target">The kernel's function that stands for the iterator.</param>
    internal CheckFinding Iterator(CheckFeature feature, ReadOnlySpan<byte> target)
    {
        if (BtfErrno != 0)
        {
            return new(feature, CheckStatus.Missing, CheckCause.NeedsOther, BtfErrno, CheckFeature.BpfBtf);
        }

        int id = _btf!.FunctionId(target);
        if (id == 0)
        {
            return new(feature, CheckStatus.Missing, CheckCause.KernelLacks);
        }

        int fd = Load(new BpfCode().Return(0), Libc.BPF_PROG_TYPE_TRACING, (uint)id);
        return Loaded(feature, fd);
    }

    /// <summary>Whether there is a place to pin programs.</summary>
    internal static CheckFinding Bpffs()
    {
        int errno = BpfPins.FileSystemErrno();
        return errno == 0
            ? new(CheckFeature.Bpffs, CheckStatus.Ok)
            : new(CheckFeature.Bpffs, CheckStatus.Missing, errno == Errno.ENOENT ? CheckCause.KernelLacks : CheckCause.NotMounted, errno == Errno.ENODEV ? 0 : errno);
    }

    /// <summary>Whether this build's programs are pinned.</summary>
    internal static CheckFinding Pinned()
    {
        try
        {
            BpfPinState? worst = null;
            foreach (BpfPinned pinned in BpfPins.Read())
            {
                if (pinned.State == BpfPinState.Usable)
                {
                    return new(CheckFeature.BpfPinned, CheckStatus.Ok);
                }

                worst = pinned.State;
            }

            return new(CheckFeature.BpfPinned, CheckStatus.Missing, worst is null ? CheckCause.NotInstalled : CheckCause.OtherBuild);
        }
        catch (KernelException e)
        {
            return new(
                CheckFeature.BpfPinned, CheckStatus.Missing, e.Errno is Errno.EACCES or Errno.EPERM ? CheckCause.NotPermitted : CheckCause.UnknownForm, e.Errno);
        }
    }

    private int BtfErrno => _btfErrno ??= -KernelBtf.Read(out _btf);

    private int MapErrno
    {
        get
        {
            if (_mapErrno is null)
            {
                int fd = CreateArray(sizeof(ulong), 0);
                _mapErrno = Math.Max(0, -fd);
                if (fd >= 0)
                {
                    _ = Libc.close(fd);
                }
            }

            return _mapErrno.Value;
        }
    }

    private CheckFinding Calls(CheckFeature feature, Func<KernelBtf, BpfCode?> program)
    {
        if (BtfErrno != 0)
        {
            return new(feature, CheckStatus.Missing, CheckCause.NeedsOther, BtfErrno, CheckFeature.BpfBtf);
        }

        return program(_btf!) is { } code
            ? Loaded(feature, Load(code, Libc.BPF_PROG_TYPE_SYSCALL, 0))
            : new(feature, CheckStatus.Missing, CheckCause.KernelLacks);
    }

    private CheckFinding Loaded(CheckFeature feature, int fd)
    {
        if (fd < 0)
        {
            return Refused(feature, -fd);
        }

        _ = Libc.close(fd);
        return new(feature, CheckStatus.Ok);
    }

    private CheckFinding Refused(CheckFeature feature, int errno) => new(feature, CheckStatus.Missing, errno switch
    {
        Errno.EPERM => caller.CauseOfRefusal(caller.HoldsAllForBpf || (feature == CheckFeature.BpfSyscall && caller.Holds(CallerFacts.CapBpf))),
        Errno.ENOSYS => CheckCause.KernelLacks,
        Errno.EINVAL when feature is CheckFeature.BpfSyscall or CheckFeature.BpfMmapArray or CheckFeature.BpfSyscallProgram => CheckCause.KernelLacks,
        _ => CheckCause.Rejected,
    }, errno);

    private static int CreateArray(uint valueSize, uint flags)
    {
        BpfAttr attr = default;
        attr.MapType = Libc.BPF_MAP_TYPE_ARRAY;
        attr.KeySize = sizeof(uint);
        attr.ValueSize = valueSize;
        attr.MaxEntries = 1;
        attr.MapFlags = flags;
        return Libc.Bpf(Libc.BPF_MAP_CREATE, &attr);
    }

    private static int Load(BpfCode code, uint type, uint attachId)
    {
        ReadOnlySpan<ulong> instructions = code.Instructions;
        // SAFETY: both buffers are pinned for the call, and their lengths are told or end in NUL.
        fixed (ulong* first = instructions)
        fixed (byte* license = "Dual MIT/GPL\0"u8)
        {
            BpfAttr attr = default;
            attr.ProgType = type;
            attr.InsnCnt = (uint)instructions.Length;
            attr.Insns = (ulong)first;
            attr.License = (ulong)license;
            attr.ProgFlags = type == Libc.BPF_PROG_TYPE_SYSCALL ? Libc.BPF_F_SLEEPABLE : 0;
            attr.ExpectedAttachType = attachId == 0 ? 0 : Libc.BPF_TRACE_ITER;
            attr.AttachBtfId = attachId;
            return Libc.Bpf(Libc.BPF_PROG_LOAD, &attr);
        }
    }
}
