using System;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// Which tasks a request is about, one after the other: the five dump strategies over <c>/proc</c>. The directory of the
/// current process stays open while its threads are visited, so that a pid reused meanwhile cannot mix two processes.
/// </summary>
/// <param name="procfd">The open <c>/proc</c>.</param>
/// <param name="ordered">Whether it lists processes and threads in an order that means something, as the kernel does.</param>
internal sealed class TaskCursor(int procfd, bool ordered = true) : IDisposable
{
    private readonly byte[] _entries = new byte[32 * 1024];
    private byte[] _text = new byte[4096];
    private int[] _pids = new int[1024];
    private int _pidCount;
    private int _pidAt;
    private int[] _chunk = new int[1024];
    private int[] _tids = new int[64];
    private int _tidCount;
    private int _tidAt;
    private int _listing = -1;
    private int _directory = -1;
    private bool _withThreads;
    private bool _mustExist;
    private bool _openEach;

    /// <summary>The current process.</summary>
    internal int Tgid { get; private set; }

    /// <summary>The current task; equal to the tgid except under the thread strategies and for ONE on a thread.</summary>
    internal int Tid { get; private set; }

    /// <summary>Its open directory <c>/proc/[pid]</c>; <c>/proc</c> itself while <see cref="DirectPid"/> is set.</summary>
    internal int Directory => _directory >= 0 ? _directory : procfd;

    /// <summary>The pid to put before paths, when only one file of each process is read and its directory is not opened; else 0.</summary>
    internal int DirectPid => _directory >= 0 ? 0 : Tid;

    /// <summary>Whether each thread is visited, not just each process.</summary>
    internal bool PerThread => _withThreads;

    /// <summary>The threads of the current process under the thread strategies.</summary>
    internal ReadOnlySpan<int> Tids => _tids.AsSpan(0, _tidCount);

    /// <summary>Starts on a request.</summary>
    /// <param name="strategy">Which tasks.</param>
    /// <param name="pid">Whose, for ONE, THREAD and CHILDREN.</param>
    /// <param name="oneFile">Whether a single file of each task is all that is read.</param>
    /// <returns>0 or a negative errno: ESRCH when the pid is not there, EINVAL for an unknown strategy.</returns>
    internal int Start(TaskDiagStrategy strategy, int pid, bool oneFile)
    {
        Stop();
        _openEach = !oneFile || strategy is not (TaskDiagStrategy.All or TaskDiagStrategy.Children);
        _withThreads = strategy is TaskDiagStrategy.AllThread or TaskDiagStrategy.Thread;
        _mustExist = strategy is TaskDiagStrategy.One or TaskDiagStrategy.Thread;
        switch (strategy)
        {
            case TaskDiagStrategy.All:
            case TaskDiagStrategy.AllThread:
                _listing = ProcFile.Open(procfd, ".\0"u8, Libc.O_DIRECTORY);
                return Math.Min(_listing, 0);
            case TaskDiagStrategy.One:
            case TaskDiagStrategy.Thread:
                AddPid(pid);
                return pid > 0 ? 0 : -Errno.ESRCH;
            case TaskDiagStrategy.Children:
                return pid > 0 ? ReadChildren(pid) : -Errno.ESRCH;
            default:
                return -Errno.EINVAL;
        }
    }

    /// <summary>Goes to the next task. Tasks that vanish before they are reached are passed over.</summary>
    /// <returns>1 when there is one, 0 at the end, or a negative errno.</returns>
    internal int MoveNext()
    {
        while (true)
        {
            if (_tidAt < _tidCount)
            {
                Tid = _tids[_tidAt++];
                return 1;
            }

            int next = NextProcess();
            if (next <= 0)
            {
                return next;
            }
        }
    }

    /// <summary>Ends the request and closes what it opened.</summary>
    internal void Stop()
    {
        CloseProcess();
        if (_listing >= 0)
        {
            _ = Libc.close(_listing);
        }

        _listing = -1;
        _pidCount = _pidAt = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => Stop();

    private int NextProcess()
    {
        CloseProcess();
        if (_pidAt == _pidCount)
        {
            _pidAt = _pidCount = 0;
            int got = _listing < 0 ? 0 : PidDirectory.Next(_listing, _entries, ref _pids);
            if (got <= 0)
            {
                return got;
            }

            _pidCount = got;
        }

        int pid = _pids[_pidAt++];
        int opened = _openEach ? OpenProcess(pid) : 0;
        if (opened < 0)
        {
            // A process that vanished after it was listed is passed over.
            return opened is not (-Errno.ENOENT or -Errno.ESRCH) ? opened : _mustExist ? -Errno.ESRCH : 1;
        }

        // The kernel lists the leader first, so a request for a thread's id still finds its process.
        Tgid = opened > 0 ? _tids[0] : pid;
        if (!_withThreads)
        {
            _tids[0] = pid;
            _tidCount = 1;
        }

        return 1;
    }

    /// <summary>Opens a process's directory and, where they matter, lists its threads.</summary>
    /// <returns>How many threads were listed, or a negative errno.</returns>
    private int OpenProcess(int pid)
    {
        Span<byte> room = stackalloc byte[ProcPath.MaxLength];
        ProcPath path = new(room);
        _directory = ProcFile.Open(procfd, path.Add(pid).End(), Libc.O_DIRECTORY | Libc.O_PATH);
        return _directory < 0 ? _directory : _withThreads || _mustExist ? ReadThreads() : 0;
    }

    private int ReadThreads()
    {
        int fd = ProcFile.Open(_directory, "task\0"u8, Libc.O_DIRECTORY);
        if (fd < 0)
        {
            return fd;
        }

        int got;
        while ((got = PidDirectory.Next(fd, _entries, ref _chunk)) > 0)
        {
            while (_tidCount + got > _tids.Length)
            {
                Array.Resize(ref _tids, _tids.Length * 2);
            }

            _chunk.AsSpan(0, got).CopyTo(_tids.AsSpan(_tidCount));
            _tidCount += got;
        }

        _ = Libc.close(fd);
        if (!ordered)
        {
            _tids.AsSpan(0, _tidCount).Sort();
        }

        return got < 0 ? got : _tidCount == 0 ? -Errno.ESRCH : _tidCount;
    }

    private int ReadChildren(int pid)
    {
        Span<byte> room = stackalloc byte[ProcPath.MaxLength];
        ProcPath path = new(room);
        int length = ProcFile.ReadAll(procfd, path.Add(pid).Add("/task/"u8).Add(pid).Add("/children"u8).End(), ref _text);
        if (length < 0)
        {
            // Without CONFIG_PROC_CHILDREN the task is there and the file is not.
            ProcPath task = new(room);
            return length != -Errno.ENOENT ? length
                : ProcFile.TryStat(procfd, task.Add(pid).Add("/stat"u8).End(), out _) ? -Errno.ENOSYS : -Errno.ESRCH;
        }

        ByteCursor children = new(_text.AsSpan(0, length));
        while (!children.AtEnd)
        {
            AddPid(children.NextInt32());
        }

        return children.IsValid ? 0 : -Errno.EPROTO;
    }

    private void AddPid(int pid)
    {
        if (_pidCount == _pids.Length)
        {
            Array.Resize(ref _pids, _pidCount * 2);
        }

        _pids[_pidCount++] = pid;
    }

    private void CloseProcess()
    {
        if (_directory >= 0)
        {
            _ = Libc.close(_directory);
        }

        _directory = -1;
        _tidCount = _tidAt = 0;
    }
}
