using System.Text;
using Checkpoint.Linux.Procfs;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Linux.Tests.Procfs;

public class ProcStatTests
{
    // Taken from a bash under Linux 6.18, as root.
    private const string Fields =
        " S 1234 4321 4300 34816 -1 4194560 1001 2002 3 4 55 66 77 88 20 -5 3 0 987654 7557120 1123 18446744073709551615 "
        + "94447258886144 94447259675549 140731232642880 0 0 0 65536 3670020 1266777851 1 0 0 17 1 9 2 0 0 0 "
        + "94447259908848 94447259957092 94447969443840 140731232647808 140731232647823 140731232647824 140731232649194 512\n";

    [Theory]
    [InlineData("bash")]
    [InlineData("a b")]
    [InlineData(") R 1 2")]
    [InlineData("x\n(y) Z")]
    [InlineData("")]
    public void A_comm_may_hold_anything_and_ends_at_the_last_parenthesis(string comm)
    {
        Assert.True(ProcStat.TryParse(Encoding.UTF8.GetBytes($"77 ({comm}){Fields}"), out ProcStat stat));
        Assert.Equal(comm, Encoding.UTF8.GetString(stat.Comm));
        Assert.Equal(TaskState.Sleeping, stat.State);
        Assert.Equal(1234, stat.Ppid);
    }

    [Fact]
    public void Every_field_comes_from_its_place()
    {
        Assert.True(ProcStat.TryParse(Encoding.UTF8.GetBytes("77 (bash)" + Fields), out ProcStat stat));
        Assert.Equal((4321, 4300, 34816, -1), (stat.Pgid, stat.Sid, stat.TtyNr, stat.TpGid));
        Assert.Equal(4194560u, stat.Flags);
        Assert.Equal(new TaskCounters(1001, 2002, 3, 4, 55, 66, 77, 88), stat.Counters);
        Assert.Equal((20, -5, 3, 987654ul), (stat.Priority, stat.Nice, stat.ThreadCount, stat.StartTimeTicks));
        Assert.Equal((17, 1, 9u, 2u, 512), (stat.ExitSignal, stat.Processor, stat.RtPriority, stat.Policy, stat.ExitCode));
        Assert.Equal(
            new MemoryLayout(
                94447258886144, 94447259675549, 140731232642880, 94447259908848, 94447259957092, 94447969443840,
                140731232647808, 140731232647823, 140731232647824, 140731232649194),
            stat.Layout);
        Assert.True(stat.MayHaveMemory);
        Assert.True(stat.LayoutKnown);
    }

    [Theory]
    [InlineData("")]
    [InlineData("77")]
    [InlineData("77 (bash")]
    [InlineData("77 (bash)")]
    [InlineData("77 (bash) ?")]
    [InlineData("77 (bash) S 1 2 3")]
    public void What_has_not_the_form_is_refused(string text) =>
        Assert.False(ProcStat.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData(" S 1234 ", " S 12x4 ")]
    [InlineData(" 4321 ", " 99999999999 ")]
    [InlineData(" 987654 ", " 18446744073709551616 ")]
    [InlineData(" 512\n", " -\n")]
    [InlineData(" 512\n", "\n")]
    public void A_field_that_is_no_number_of_its_type_is_refused(string right, string wrong) =>
        Assert.False(ProcStat.TryParse(Encoding.UTF8.GetBytes("77 (bash)" + Fields.Replace(right, wrong, System.StringComparison.Ordinal)), out _));

    [Fact]
    public void A_task_that_has_let_go_of_its_memory_shows_no_layout()
    {
        string gone = Fields.Replace("94447258886144 94447259675549 140731232642880", "0 0 0", System.StringComparison.Ordinal)
            .Replace(" 4194560 ", " 4194564 ", System.StringComparison.Ordinal);
        Assert.True(ProcStat.TryParse(Encoding.UTF8.GetBytes("77 (bash)" + gone), out ProcStat stat));
        Assert.False(stat.LayoutKnown);
        Assert.True(stat.IsExiting);
    }

    [Fact]
    public void Addresses_hidden_from_the_caller_are_recognised()
    {
        string hidden = Fields.Replace("94447258886144 94447259675549 140731232642880", "1 1 0", System.StringComparison.Ordinal);
        Assert.True(ProcStat.TryParse(Encoding.UTF8.GetBytes("77 (bash)" + hidden), out ProcStat stat));
        Assert.False(stat.LayoutKnown);
    }
}
