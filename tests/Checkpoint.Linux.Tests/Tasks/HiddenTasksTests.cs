using System;
using System.Linq;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Linux.Tests.Tasks;

public sealed class HiddenTasksTests
{
    private const string Note = " not shown (no permission; --hidden shows what there is)\n";

    [LinuxFact("gcc", "setpriv", Root = true)]
    public void One_task_that_may_not_be_inspected_is_refused_with_a_message()
    {
        using ChildProcess program = Workload.Start("threads");
        Ckpt.RunAsNobody("tasks", "one", "-p", program.PidText).ExpectOneLine(5, $"task {program.PidText} may not be inspected", "--hidden");
        Ckpt.RunAsNobody("tasks", "one", "-p", program.PidText, "--raw", "-").ExpectOneLine(5, "--hidden");
        Assert.Contains(program.PidText, Ckpt.RunAsNobody("tasks", "one", "-p", program.PidText, "--hidden").Expect(0).Text, StringComparison.Ordinal);
        Ckpt.Run("tasks", "one", "-p", "4194304").ExpectOneLine(4, "4194304");
    }

    [LinuxFact(Root = true, HiddenPid1 = true)]
    public void Pid_1_that_even_root_may_not_inspect_is_refused_whatever_the_transport()
    {
        foreach (string transport in BpfUse.Transports)
        {
            Ckpt.Run("tasks", "one", "-p", "1", "--transport", transport).ExpectOneLine(5, "task 1 may not be inspected");
            Assert.EndsWith(Note, Ckpt.Run("tasks", "all", "--transport", transport).Expect(0).Stderr, StringComparison.Ordinal);
        }
    }

    [LinuxFact("gcc", "setpriv", Root = true)]
    public void A_list_says_how_many_tasks_it_hides()
    {
        using ChildProcess tree = Workload.Start("tree", "3", "10");
        RunResult hidden = Ckpt.RunAsNobody("tasks", "children", "-p", tree.PidText).Expect(0);
        Assert.DoesNotContain("tree", hidden.Text, StringComparison.Ordinal);
        Assert.Equal("3" + Note, hidden.Stderr);
        Assert.EndsWith(Note, Ckpt.RunAsNobody("tasks", "all").Expect(0).Stderr, StringComparison.Ordinal);
        Assert.EndsWith(Note, Ckpt.RunAsNobody("tasks", "all-threads", "--stat").Expect(0).Stderr, StringComparison.Ordinal);
        foreach (string transport in BpfUse.Transports)
        {
            Assert.Equal("", Ckpt.Run("tasks", "children", "-p", tree.PidText, "--transport", transport).Expect(0).Stderr);
        }

        Assert.Equal("", Ckpt.RunAsNobody("tasks", "children", "-p", tree.PidText, "--hidden").Expect(0).Stderr);
    }

    [LinuxFact("gcc")]
    public void Of_an_answer_that_cannot_tell_what_it_leaves_out_the_tasks_that_were_there_before_are_counted()
    {
        using ChildProcess tree = Workload.Start("tree", "2", "5");
        int[] children = [.. ProcFile.LivingFamily(tree.Pid).Where(pid => ProcFile.Status(pid, "PPid") == tree.PidText)];
        Assert.True(children.Length > 1);
        Assert.True(Wait.Became(() => HiddenTasks.Count(TaskDiagStrategy.Children, tree.Pid, children.Skip(1).ToHashSet(), HiddenTasks.Now()) == 1));
        Assert.Equal(0, HiddenTasks.Count(TaskDiagStrategy.Children, tree.Pid, children.ToHashSet(), HiddenTasks.Now()));
        Assert.Equal(0, HiddenTasks.Count(TaskDiagStrategy.Children, tree.Pid, children.Skip(1).ToHashSet(), sent: 1));
    }
}
