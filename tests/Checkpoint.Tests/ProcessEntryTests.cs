using System;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests;

public class ProcessEntryTests
{
    [Fact]
    public void An_entry_without_threads_can_be_shown()
    {
        ProcessEntry process = SampleTrees.Rich().Processes[0] with { Threads = [] };
        Assert.Equal($"process {process.Tgid}", process.ToString());
        Assert.Throws<InvalidOperationException>(() => process.Leader);
    }

    [Fact]
    public void An_entry_is_shown_by_pid_and_name_on_one_printable_line()
    {
        ProcessEntry process = SampleTrees.Rich().Processes[0];
        process = process with { Threads = [process.Leader with { Comm = ByteString.FromUtf8("a\n\u001b[31m") }] };
        Assert.StartsWith($"process {process.Tgid} (a", process.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', process.ToString());
        Assert.DoesNotContain('\u001b', process.ToString());
    }
}
