using System;
using System.Text;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.TaskDiag;

namespace Checkpoint.Linux.Transports;

/// <summary>
/// The task_diag transaction over procfs: the kernel's side of the interface, played in user space. One request, then
/// reads until 0; every read returns whole messages.
/// </summary>
public sealed class ProcfsTaskDiag : TaskDiagTransport
{
    // A message is begun only where its fixed attributes and a largest attribute fit.
    private const int MessageRoom = 96 * 1024;

    private int _procfd;
    private readonly TaskCursor _cursor;
    private readonly VmaWalk _walk;
    private readonly ProcfsTask _task;
    private TaskDiagRequest _request;
    private bool _active; // until a read has answered 0
    private bool _ended; // nothing is left to tell

    /// <summary>Opens <c>/proc</c>.</summary>
    /// <param name="textMaps">Reads text <c>maps</c> although the kernel has PROCMAP_QUERY.</param>
    /// <param name="buildIds">Build IDs to share with other transports of the same capture.</param>
    /// <exception cref="KernelException"><c>/proc</c> cannot be opened.</exception>
    public ProcfsTaskDiag(bool textMaps = false, BuildIdCache? buildIds = null)
    {
        _procfd = Open("/proc");
        _cursor = new TaskCursor(_procfd);
        _walk = textMaps ? new MapsWalk() : Maps(_procfd);
        _task = new ProcfsTask(
            _walk, new VmaFindings(new MappedFiles(Maps(_procfd), buildIds ?? new BuildIdCache())), new ProcfsHost(_procfd, isKernels: true));
    }

    /// <summary>Reads a folder that is made like <c>/proc</c>, of plain files.</summary>
    /// <param name="folder">Its path. It has the reader's own process under <c>self</c>.</param>
    internal ProcfsTaskDiag(string folder)
    {
        _procfd = Open(folder);
        _cursor = new TaskCursor(_procfd, ordered: false);
        _walk = new MapsWalk();
        _task = new ProcfsTask(_walk, new VmaFindings(new MappedFiles(new MapsWalk(), new BuildIdCache())), new ProcfsHost(_procfd, isKernels: false));
    }

    /// <summary>A walk over <c>maps</c>, as this kernel tells it best.</summary>
    /// <param name="procfd">The open <c>/proc</c>.</param>
    internal static VmaWalk Maps(int procfd) => ProcmapWalk.TryCreate(procfd) ?? (VmaWalk)new MapsWalk();

    /// <inheritdoc/>
    public override string Name => "procfs";

    /// <inheritdoc/>
    public override string VmaSource => _walk.Source;

    /// <summary>Bytes of a command line or environment that are told; a gap with E2BIG stands for the rest.</summary>
    internal int MaxText
    {
        set => _task.MaxText = value;
    }

    /// <inheritdoc/>
    public override int? NotShown => _task.Refused;

    /// <inheritdoc/>
    public override TaskDiagShow Lacks => TaskDiagShow.None;

    /// <inheritdoc/>
    public override void Send(in TaskDiagRequest request)
    {
        if (_active)
        {
            throw new KernelException("send", "request to procfs", Errno.EBUSY);
        }

        _request = request;
        _task.Refused = 0;
        Check(_cursor.Start(request.Strategy, (int)Math.Min(request.Pid, int.MaxValue), ProcfsTask.NeedsOneFile(request.Show)));
        _active = true;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, MinimumBuffer, nameof(buffer));
        TaskDiagWriter writer = new(buffer);
        while (_active && !_ended && writer.Remaining >= MessageRoom)
        {
            if (_task.Finished && !NextTask())
            {
                break;
            }

            _task.WriteMessage(ref writer, _request);
        }

        if (writer.Length == 0)
        {
            Cancel();
        }

        return writer.Length;
    }

    /// <inheritdoc/>
    public override void Cancel()
    {
        _active = _ended = false;
        _task.Abandon();
        _cursor.Stop();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_procfd < 0)
        {
            return;
        }

        Cancel();
        _task.Dispose();
        // Once only: the number may be another file's by the second time.
        _ = Libc.close(_procfd);
        _procfd = -1;
    }

    private static int Open(string folder)
    {
        int fd = ProcFile.Open(Libc.AT_FDCWD, Encoding.UTF8.GetBytes(folder + "\0"), Libc.O_DIRECTORY | Libc.O_PATH);
        return fd >= 0 ? fd : throw new KernelException("open", folder, -fd);
    }

    private bool NextTask()
    {
        int next = _cursor.MoveNext();
        if (next == 1)
        {
            _task.Start(_cursor);
            return true;
        }

        _ended = true;
        if (next < 0)
        {
            Cancel();
            Check(next);
        }

        return false;
    }

    private void Check(int result)
    {
        if (result < 0)
        {
            string what = _request.Strategy is TaskDiagStrategy.All or TaskDiagStrategy.AllThread ? "/proc" : $"/proc/{_request.Pid}";
            throw new KernelException("read", what, -result);
        }
    }
}
