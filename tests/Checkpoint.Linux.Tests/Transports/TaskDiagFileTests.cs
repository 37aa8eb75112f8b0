using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Checkpoint.Linux.Tests.Transports;

public sealed class TaskDiagFileTests : IDisposable
{
    private readonly FakeKernel _kernel = new();
    private readonly byte[] _buffer = new byte[TaskDiagTransport.MinimumBuffer];

    public void Dispose() => _kernel.Dispose();

    private static TaskDiagRequest Request(TaskDiagShow show = TaskDiagShow.Base) => new(show, TaskDiagStrategy.All, 0, 1);

    private List<(int Tid, bool Continued)> ReadMessages(TaskDiagFile file)
    {
        List<(int, bool)> all = [];
        TaskDiagReader reader = new(_buffer.AsSpan(0, file.Read(_buffer)));
        while (reader.NextMessage())
        {
            all.Add(((int)reader.Pid, reader.Continued));
        }

        return all;
    }

    [LinuxFact]
    public void Only_the_bits_that_the_kernel_code_knows_are_sent()
    {
        using TaskDiagFile file = _kernel.Open();
        file.Send(Request((TaskDiagShow)ulong.MaxValue));
        TaskDiagShow sent = _kernel.Receive()!.Value.Show;
        Assert.Equal(TaskDiagShows.Standard, sent & TaskDiagShows.Standard);
        Assert.Equal(TaskDiagShow.None, sent & TaskDiagShows.Extensions);
    }

    [LinuxFact]
    public void Garbage_in_the_flags_and_in_the_padding_is_not_seen()
    {
        using TaskDiagFile file = _kernel.Open();
        file.Send(Request());
        for (int i = 1; i <= 100; i++)
        {
            _kernel.Send(_kernel.Message(i, i, i % 3 == 0, (TaskDiagAttribute.Cmdline, "abcde"u8.ToArray()), _kernel.Base(i, i)));
            Assert.Equal([(i, i % 3 == 0)], ReadMessages(file));
        }

        _kernel.SendEnd();
        Assert.Equal(0, file.Read(_buffer));
    }

    [LinuxFact]
    public void A_read_of_0_ends_the_answer_and_the_next_request_may_be_sent()
    {
        using TaskDiagFile file = _kernel.Open();
        for (int round = 0; round < 3; round++)
        {
            file.Send(Request());
            Assert.NotNull(_kernel.Receive());
            _kernel.Send(_kernel.Message(1, 1, false, _kernel.Base(1, 1)), _kernel.Message(2, 2, false, _kernel.Base(2, 2)));
            _kernel.SendEnd();
            Assert.Equal([(1, false), (2, false)], ReadMessages(file));
            Assert.Equal(0, file.Read(_buffer));
            Assert.Equal(0, file.Read(_buffer));
        }

        Assert.Equal(1, _kernel.Opened);
    }

    [LinuxFact]
    public void A_request_before_the_end_of_the_last_answer_is_EBUSY()
    {
        using TaskDiagFile file = _kernel.Open();
        file.Send(Request());
        Assert.Equal(Errno.EBUSY, Assert.Throws<KernelException>(() => file.Send(Request())).Errno);
        _kernel.SendEnd();
        Assert.Equal(0, file.Read(_buffer));
        file.Send(Request());
    }

    [LinuxFact]
    public void Cancelling_half_way_opens_the_file_anew_and_nothing_of_the_old_answer_is_left()
    {
        using TaskDiagFile file = _kernel.Open();
        file.Send(Request());
        _kernel.Send(_kernel.Message(1, 1, true, _kernel.Base(1, 1)));
        _kernel.Send(_kernel.Message(1, 1, false));
        Assert.Single(ReadMessages(file));
        file.Cancel();
        file.Cancel();
        Assert.Equal(2, _kernel.Opened);
        file.Send(Request());
        _kernel.Send(_kernel.Message(7, 7, false, _kernel.Base(7, 7)));
        Assert.Equal([(7, false)], ReadMessages(file));
    }

    [LinuxFact]
    public void An_error_of_the_write_is_told_with_its_errno()
    {
        // The comm of another process's thread may be read but not written: EINVAL, from the kernel itself.
        using ChildProcess child = ChildProcess.Launch(["sleep", "100"]);
        using TaskDiagFile file = new(() => new SafeFileHandle(OpenWritable($"/proc/{child.Pid}/comm"), ownsHandle: true));
        Assert.Equal(Errno.EINVAL, Assert.Throws<KernelException>(() => file.Send(Request())).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<KernelException>(() => file.Send(Request())).Errno);
    }

    [LinuxFact]
    public void An_error_of_the_read_is_told_with_its_errno_and_ends_the_request()
    {
        // The comm of a thread of ours takes a request as a name; once the thread is gone, reading it is ESRCH.
        using ManualResetEventSlim named = new();
        using ManualResetEventSlim end = new();
        int tid = 0;
        Thread thread = new(() =>
        {
            tid = NativeCalls.gettid();
            named.Set();
            end.Wait();
        });
        thread.Start();
        named.Wait();
        using TaskDiagFile file = new(() => new SafeFileHandle(OpenWritable($"/proc/self/task/{tid}/comm"), ownsHandle: true));
        file.Send(Request());
        end.Set();
        thread.Join();
        Assert.True(SpinWait.SpinUntil(() => !Directory.Exists($"/proc/self/task/{tid}"), 10_000));
        Assert.Equal(Errno.ESRCH, Assert.Throws<KernelException>(() => file.Read(_buffer)).Errno);
        Assert.Equal(0, file.Read(_buffer));
    }

    [LinuxFact]
    public void A_signal_does_not_disturb_a_read()
    {
        using TaskDiagFile file = _kernel.Open();
        file.Send(Request());
        int plain = 0;
        List<(int, bool)> messages = [];
        Interrupted(
            // That signals do interrupt is shown by a call that does not retry.
            () => plain = NativeCalls.ReceivePacket(_kernel.Ours, new byte[64]),
            () => messages = ReadMessages(file),
            () => _kernel.Send(_kernel.Message(5, 5, false, _kernel.Base(5, 5))));
        Assert.Equal(-Errno.EINTR, plain);
        Assert.Equal([(5, false)], messages);
    }

    [LinuxFact]
    public void A_signal_does_not_disturb_a_write()
    {
        using TaskDiagFile file = _kernel.Open();
        int before = NativeCalls.FillSendBuffer(_kernel.Ours);
        Assert.InRange(before, 1, 100_000);
        TaskDiagRequest? request = null;
        Interrupted(
            () => NativeCalls.ReceivePacket(_kernel.Ours, new byte[64]),
            () => file.Send(Request(TaskDiagShow.Stat)),
            () =>
            {
                _kernel.Drop(before);
                request = _kernel.Receive();
            });
        Assert.Equal(Request(TaskDiagShow.Stat), request);
    }

    /// <summary>Runs a call that blocks, with signals hitting its thread, until the other side releases it.</summary>
    private static void Interrupted(Action interruptible, Action call, Action release)
    {
        NativeCalls.LetSignalInterrupt();
        using ManualResetEventSlim started = new();
        using ManualResetEventSlim calling = new();
        int tid = 0;
        Exception? failure = null;
        Thread thread = new(() => failure = Record.Exception(() =>
        {
            tid = NativeCalls.gettid();
            started.Set();
            interruptible();
            calling.Set();
            call();
        }));
        thread.Start();
        started.Wait();
        for (int hits = 0; hits < 30 && thread.IsAlive; hits += calling.IsSet ? 1 : 0)
        {
            NativeCalls.Interrupt(tid);
            Wait.Pass(1);
        }

        release();
        Assert.True(thread.Join(30_000));
        Assert.Null(failure);
    }

    private static int OpenWritable(string path)
    {
        int fd = Linux.Procfs.ProcFile.Open(Libc.AT_FDCWD, Encoding.ASCII.GetBytes(path + "\0"), Libc.O_RDWR);
        Assert.True(fd >= 0, path);
        return fd;
    }
}
