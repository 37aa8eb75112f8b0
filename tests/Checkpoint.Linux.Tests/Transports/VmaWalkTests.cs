using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading;
using Checkpoint.Linux.Interop;
using Checkpoint.Linux.Procfs;
using Checkpoint.Linux.Transports;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Linux.Tests.Transports;

public sealed class VmaWalkTests : IDisposable
{
    private readonly int _proc = ProcFile.Open(Libc.AT_FDCWD, "/proc\0"u8, Libc.O_DIRECTORY | Libc.O_PATH);

    private readonly Process _sleeper = Process.Start("sleep", "1000");
    private readonly byte[] _path;

    public VmaWalkTests()
    {
        _path = Encoding.ASCII.GetBytes($"{_sleeper.Id}/maps\0");
        SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{_sleeper.Id}/stat").Contains("(sleep) S", StringComparison.Ordinal), 5000);
    }

    public void Dispose()
    {
        _sleeper.Kill();
        _sleeper.Dispose();
        _ = Libc.close(_proc);
    }

    private List<(TaskDiagVma Vma, string Name)> Walk(VmaWalk walk, int room)
    {
        List<(TaskDiagVma, string)> all = [];
        Assert.Equal(0, walk.Open(_proc, _path));
        byte[] buffer = new byte[room];
        int result;
        do
        {
            TaskDiagVmaWriter writer = new(buffer);
            result = walk.Fill(ref writer);
            TaskDiagVmaReader reader = new(buffer.AsSpan(0, writer.Length));
            while (reader.Next())
            {
                all.Add((reader.Current, Encoding.Latin1.GetString(reader.Name)));
            }
        }
        while (result == 1);
        Assert.Equal(0, result);
        return all;
    }

    [Fact]
    public void Both_sources_give_the_same_records()
    {
        using ProcmapWalk? ioctl = ProcmapWalk.TryCreate(_proc);
        using MapsWalk text = new();
        Assert.NotNull(ioctl);
        Assert.Equal(Walk(text, 65536), Walk(ioctl, 65536));
    }

    [Fact]
    public void A_list_is_the_same_however_little_room_each_part_has()
    {
        using ProcmapWalk? walk = ProcmapWalk.TryCreate(_proc);
        Assert.NotNull(walk);
        Assert.Equal(Walk(walk, 65536), Walk(walk, 300));
    }

    [Fact]
    public void A_kernel_thread_has_no_address_space()
    {
        using ProcmapWalk? walk = ProcmapWalk.TryCreate(_proc);
        Assert.NotNull(walk);
        Assert.Equal(0, walk.Open(_proc, "2/maps\0"u8));
        TaskDiagVmaWriter writer = new(new byte[4096]);
        Assert.Equal(-Errno.ESRCH, walk.Fill(ref writer));
    }

    [Fact]
    public void A_process_that_is_not_there_answers_ENOENT()
    {
        using MapsWalk walk = new();
        Assert.Equal(-Errno.ENOENT, walk.Open(_proc, "4194305/maps\0"u8));
    }
}
