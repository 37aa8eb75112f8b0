using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Checkpoint.Cli;
using Checkpoint.Cli.Commands;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class TasksRecordingTests
{
    private const string Mapped = "7f0000001000-7f0000002000 r-xs 00002000 fe:10 4711                       /lib/\\x1b[31m.so";

    [Fact]
    public void Columns_are_those_that_the_request_asked_for()
    {
        string text = Show(TasksSamples.Rich(TaskDiagShow.Base));
        Assert.Equal(
            "    PID    TGID    PPID    PGID     SID  TRACER S COMM\n"
            + "    100     100       1      30      20       - S a b\\n\n"
            + "    101     100       1      30      20       7 t other\n"
            + "    no maps: EACCES\n",
            text);
    }

    [Fact]
    public void Each_group_has_its_columns_and_what_is_not_told_is_a_dash()
    {
        string[] lines = Show(TasksSamples.Rich(TaskDiagShow.Cred | TaskDiagShow.Stat | TaskDiagShow.Statm | TaskDiagShow.Cmdline)).Split('\n');
        Assert.Equal(
            "PID TGID PPID PGID SID TRACER S UID EUID SUID FSUID GID EGID SGID FSGID CAPINH CAPPRM CAPEFF CAPBND THREADS MINFLT CMINFLT MAJFLT CMAJFLT UTIME STIME CUTIME CSTIME VMSIZE RSS ANON FILE SHMEM TEXT DATA STACK SWAP COMM CMDLINE",
            Words(lines[0]));
        Assert.Equal(
            "100 100 1 30 20 0 S 1 2 3 4 5 6 7 8 0000000000000000 0000000000002000 0000000000002000 000001ffffffffff 2 11 12 13 14 15 16 17 18 4 5 1 2 3 8 14 15 10 a b\\n run --to",
            Words(lines[1]));
        Assert.Equal("101 100 1 30 20 7 t " + string.Join(' ', Enumerable.Repeat("-", 30)) + " other -", Words(lines[2]));
        Assert.Equal(lines[0].IndexOf("CMDLINE", StringComparison.Ordinal), lines[1].IndexOf("run", StringComparison.Ordinal));
    }

    [Fact]
    public void VMAs_are_lines_as_in_maps_and_smaps_below_their_task()
    {
        string[] lines = Show(TasksSamples.Rich(TaskDiagShow.Vma | TaskDiagShow.VmaStat)).Split('\n');
        Assert.Equal("    00001000-00003000 rw-p 00000000 00:00 0                                  [heap]", lines[2]);
        Assert.Equal("        rss 8 pss 1 shared_clean 1 shared_dirty 2 private_clean 3 private_dirty 4 referenced 5 anonymous 6 anon_huge_pages 7 swap 9 locked 0 shmem_pmd_mapped 0 file_pmd_mapped 0 shared_hugetlb 0 private_hugetlb 0 swap_pss 0 kB rd wr mr", lines[3]);
        Assert.Equal("    " + Mapped, lines[4]);
        Assert.Equal(lines[2..6], lines[6..10]);
        Assert.Equal(13, lines.Length);
        Assert.Equal(["    " + Mapped], Show(TasksSamples.Rich(TaskDiagShow.Vma)).Split('\n')[3..4]);
        Assert.Equal("    00001000-00003000 rw-p 00000000 00:00 0   ", CliRun.On(new CliWorld { Input = TasksSamples.Rich(), TerminalWidth = 46 }, "tasks", "--from", "-", "--maps").Out.Split('\n')[2]);
    }

    [Fact]
    public void JSON_lines_hold_everything_and_null_what_is_not_told()
    {
        string[] lines = Show(TasksSamples.Rich(), "--json").Split('\n');
        Assert.Equal("{\"schema\":\"ckpt.tasks/1\"}", lines[0]);
        JsonElement full = JsonDocument.Parse(lines[1]).RootElement;
        Assert.Equal("a b\n", full.GetProperty("comm").GetString());
        Assert.Equal(["run", "--to"], full.GetProperty("cmdline").EnumerateArray().Select(argument => argument.GetString()));
        Assert.Equal("{\"uid\":{\"real\":1,\"effective\":2,\"saved\":3,\"file_system\":4},\"gid\":{\"real\":5,\"effective\":6,\"saved\":7,\"file_system\":8},\"cap_inheritable\":[],\"cap_permitted\":[\"cap_net_raw\"],\"cap_effective\":[\"cap_net_raw\"]", full.GetProperty("cred").GetRawText()[..199]);
        Assert.Equal("{\"anon\":1,\"file\":2,\"shmem\":3,\"total_vm\":4,\"total_rss\":5,\"hiwater_vm\":6,\"hiwater_rss\":7,\"text\":8,\"lib\":9,\"swap\":10,\"ptes_bytes\":11,\"locked_vm\":12,\"pinned_vm\":13,\"data_vm\":14,\"stack_vm\":15}", full.GetProperty("statm").GetRawText());
        Assert.Equal(4, full.GetProperty("vmas").GetArrayLength());
        Assert.Equal(
            "{\"start\":\"0x7f0000001000\",\"end\":\"0x7f0000002000\",\"perms\":\"r-xs\",\"offset\":\"0x2000\",\"dev\":\"fe:10\",\"inode\":4711,\"name\":\"/lib/\\u001B[31m.so\",\"rss\":8192,\"pss\":1536,\"shared_clean\":1024,\"shared_dirty\":2048,\"private_clean\":3072,\"private_dirty\":4096,\"referenced\":5120,\"anonymous\":6144,\"anon_huge_pages\":7168,\"swap\":9216,\"locked\":0,\"shmem_pmd_mapped\":0,\"file_pmd_mapped\":0,\"shared_hugetlb\":0,\"private_hugetlb\":0,\"swap_pss\":0,\"flags\":[\"rd\",\"ex\",\"sh\"]}",
            full.GetProperty("vmas")[3].GetRawText());
        Assert.Equal(
            "{\"pid\":101,\"tgid\":100,\"ppid\":1,\"pgid\":30,\"sid\":20,\"tracer_pid\":7,\"state\":\"tracing-stop\",\"state_letter\":\"t\",\"comm\":\"other\",\"cred\":null,\"thread_count\":null,\"counters\":null,\"statm\":null,\"cmdline\":null,\"vmas\":null,\"gaps\":[{\"part\":\"maps\",\"errno\":13,\"error\":\"EACCES\"}]}",
            lines[2]);
        Assert.Equal(4, lines.Length);
    }

    [Fact]
    public void What_is_chosen_is_shown_whatever_was_asked_for()
    {
        string text = Show(TasksSamples.Rich(), "--cmdline");
        Assert.Contains("CMDLINE", text, StringComparison.Ordinal);
        Assert.DoesNotContain("CAPEFF", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[heap]", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_recording_by_another_program_all_is_shown()
    {
        byte[] foreign = TasksSamples.Message(5, 5, 12345, continued: false, (ref TaskDiagWriter writer) => TasksSamples.Base(ref writer, 5, "x"));
        Assert.Equal(39, Words(Show(foreign).Split('\n')[0]).Split(' ').Length);
        Assert.Equal("vmas", JsonDocument.Parse(Show(foreign, "--json").Split('\n')[1]).RootElement.EnumerateObject().Last().Name);
    }

    [Fact]
    public void An_answer_without_tasks_shows_nothing_and_in_JSON_the_schema()
    {
        Assert.Equal("", Show([]));
        Assert.Equal("{\"schema\":\"ckpt.tasks/1\"}\n", Show([], "--json"));
    }

    [Fact]
    public void What_is_told_after_the_VMAs_gets_a_second_row_and_a_place_in_the_object()
    {
        byte[] late = TasksSamples.Message(5, 5, TasksShow.ToSequence(TasksSamples.Everything), continued: false, (ref TaskDiagWriter writer) =>
        {
            TasksSamples.Base(ref writer, 5, "x");
            TasksSamples.Vmas(ref writer, withStat: false);
            TasksSamples.Cmdline(ref writer, "late\0");
            TasksSamples.Vmas(ref writer, withStat: false);
        });
        string[] lines = Show(late).Split('\n');
        Assert.Equal(8, lines.Length);
        Assert.EndsWith("x               -", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("x               late", lines[6], StringComparison.Ordinal);
        JsonElement task = JsonDocument.Parse(Show(late, "--json").Split('\n')[1]).RootElement;
        Assert.Equal(4, task.GetProperty("vmas").GetArrayLength());
        Assert.Equal("late", task.GetProperty("cmdline")[0].GetString());
        Assert.Equal(task.EnumerateObject().Count(), task.EnumerateObject().Select(property => property.Name).Distinct().Count());
    }

    [Fact]
    public void An_empty_VMA_list_is_empty_and_not_unknown()
    {
        byte[] bytes = TasksSamples.Message(5, 5, TasksShow.ToSequence(TaskDiagShow.Vma), continued: false, (ref TaskDiagWriter writer) =>
            Assert.True(writer.TryReserve(TaskDiagAttribute.Vma, 0, out _)));
        Assert.Equal(0, JsonDocument.Parse(Show(bytes, "--json").Split('\n')[1]).RootElement.GetProperty("vmas").GetArrayLength());
    }

    [Fact]
    public void A_file_and_standard_input_give_the_same_and_a_missing_file_exits_with_3()
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder["a.raw"], TasksSamples.Rich());
        Assert.Equal(Show(TasksSamples.Rich()), CliRun.Of("tasks", "--from", folder["a.raw"]).Out);
        CliRun missing = CliRun.Of("tasks", "--from", folder["b.raw"]);
        Assert.Equal((ExitCode.Input, $"ckpt: cannot read {folder["b.raw"]}: no such file\n"), (missing.ExitCode, missing.Error));
        Assert.Equal(ExitCode.Usage, CliRun.On(new CliWorld { InputIsTerminal = true }, "tasks", "--from", "-").ExitCode);
    }

    [Theory]
    [InlineData("tasks", "a strategy is missing")]
    [InlineData("tasks some", "no strategy 'some'")]
    [InlineData("tasks one", "'one' needs --pid")]
    [InlineData("tasks children --cred", "'children' needs --pid")]
    [InlineData("tasks threads", "'threads' needs --pid")]
    [InlineData("tasks all -p 1", "'all' takes no --pid")]
    [InlineData("tasks all-threads -p 1", "'all-threads' takes no --pid")]
    [InlineData("tasks one -p 0", "not '0'")]
    [InlineData("tasks all --transport bus", "not 'bus'")]
    [InlineData("tasks all one", "unexpected argument 'one'")]
    [InlineData("tasks all --raw - --json", "exclude each other")]
    [InlineData("tasks all --raw=", "'--raw'")]
    [InlineData("tasks --from", "'--from'")]
    [InlineData("tasks all --from x", "'all' is for live tasks")]
    [InlineData("tasks --from x -p 1", "--pid is for live tasks")]
    [InlineData("tasks --from x --raw y", "--raw is for live tasks")]
    [InlineData("tasks --from x --hidden", "--hidden is for live tasks")]
    [InlineData("tasks all --frce", "unknown option '--frce'")]
    public void A_bad_line_exits_with_2_and_says_why(string line, string expected)
    {
        CliRun run = CliRun.Of(line.Split(' '));
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Empty(run.OutBytes);
        Assert.Contains(expected, run.Error.Split('\n')[0], StringComparison.Ordinal);
        Assert.Equal("try 'ckpt tasks --help'", run.Error.Split('\n')[1]);
    }

    [Fact]
    public void The_empty_name_of_a_file_exits_with_2()
    {
        foreach (string[] line in (string[][])[["tasks", "all", "--raw", ""], ["tasks", "--from", ""]])
        {
            Assert.Equal((ExitCode.Usage, "ckpt: a file's name must not be empty\ntry 'ckpt tasks --help'\n"), (CliRun.Of(line).ExitCode, CliRun.Of(line).Error));
        }
    }

    [Fact]
    public void Help_has_examples()
    {
        CliRun run = CliRun.Of("tasks", "--help");
        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.Contains("ckpt tasks all --cred --cmdline", run.Out, StringComparison.Ordinal);
        Assert.Contains("tasks", CliRun.Of("--help").Out, StringComparison.Ordinal);
    }

    private static string Show(byte[] recording, params string[] options)
    {
        CliRun run = CliRun.On(new CliWorld { Input = recording }, ["tasks", "--from", "-", .. options]);
        Assert.Equal((ExitCode.Success, ""), (run.ExitCode, run.Error));
        return run.Out;
    }

    private static string Words(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
