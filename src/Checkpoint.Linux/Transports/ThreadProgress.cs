using System;
using System.Threading;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.Model;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// How far a thread has come with reading a process. Some reads of <c>/proc</c> take a lock that the process may hold for ever;
/// another thread sees it by this, and goes on without.
/// </summary>
internal sealed class ThreadProgress
{
    [ThreadStatic]
    private static ThreadProgress? _own;

    private int _step;
    private int _part;
    private int _process;
    private int _tid;
    private volatile bool _abandoned;

    /// <summary>Changes with every step.</summary>
    internal int Step => Volatile.Read(ref _step);

    /// <summary>What is being read; <see cref="CapturePart.Task"/>: nothing that may block.</summary>
    internal CapturePart Part => (CapturePart)Volatile.Read(ref _part);

    /// <summary>Which process is read, 0: not known.</summary>
    internal int Process => Volatile.Read(ref _process);

    /// <summary>Begins with the thread that calls this.</summary>
    internal void Begin()
    {
        _tid = Libc.gettid();
        _own = this;
    }

    /// <summary>Notes a step of the calling thread. One that was abandoned never returns: what it would do is done by another.</summary>
    /// <param name="part">What is read next.</param>
    /// <param name="process">Of which process; 0: of the same.</param>
    internal static void Note(CapturePart part, int process = 0)
    {
        if (_own is not { } own)
        {
            return;
        }

        if (own._abandoned)
        {
            Thread.Sleep(Timeout.Infinite);
        }

        if (process != 0)
        {
            Volatile.Write(ref own._process, process);
        }

        Volatile.Write(ref own._part, (int)part);
        Volatile.Write(ref own._step, own._step + 1);
    }

    /// <summary>Has the thread stop for good when it takes its next step.</summary>
    internal void Abandon() => _abandoned = true;

    /// <summary>Whether the thread waits, and neither runs nor is about to.</summary>
    internal bool Waits()
    {
        Span<byte> room = stackalloc byte[ProcPath.MaxLength];
        byte[] text = new byte[1024];
        int length = ProcFile.ReadOnce(Libc.AT_FDCWD, new ProcPath(room).Add("/proc/self/task/"u8).Add(_tid).Add("/stat"u8).End(), ref text);
        return length > 0 && ProcStat.TryParse(text.AsSpan(0, length), out ProcStat stat) && stat.State != TaskState.Running;
    }
}
