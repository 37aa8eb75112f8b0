using System;
using System.IO;
using Checkpoint.Cli;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Cli;

public class InputTests
{
    [Fact]
    public void A_missing_file_exits_with_3()
    {
        using TempFolder folder = new();
        AssertInputError(CliRun.Of("inspect", folder["none.ckpt"]), "no such file");
        AssertInputError(CliRun.Of("inspect", folder["no/none.ckpt"]), "no such file");
    }

    [Fact]
    public void A_folder_exits_with_3()
    {
        using TempFolder folder = new();
        AssertInputError(CliRun.Of("inspect", folder.Root), "is a directory");
    }

    [Fact]
    public void An_empty_file_exits_with_3()
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder["empty"], []);
        AssertInputError(CliRun.Of("inspect", folder["empty"]), "not a valid image");
    }

    [Fact]
    public void Text_exits_with_3()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["text"], "This is no image, and longer than any header would be, to be sure.\n");
        AssertInputError(CliRun.Of("inspect", folder["text"]), "not a valid image");
    }

    [Fact]
    public void A_truncated_image_exits_with_3_wherever_it_ends()
    {
        byte[] image = CliRun.Image(SampleTrees.Rich());
        for (int length = 0; length < image.Length; length += 37)
        {
            CliRun run = CliRun.On(new CliWorld { Input = image[..length] }, "inspect", "-");
            AssertInputError(run, "standard input is not a valid image");
        }
    }

    [Fact]
    public void A_file_and_standard_input_give_the_same()
    {
        using TempFolder folder = new();
        ProcessTree tree = SampleTrees.Rich();
        File.WriteAllBytes(folder["a.ckpt"], CliRun.Image(tree));
        Assert.Equal(CliRun.Inspect(tree).Out, CliRun.Of("inspect", folder["a.ckpt"]).Out);
    }

    [Fact]
    public void A_name_that_starts_with_an_at_sign_or_a_dash_is_a_name()
    {
        AssertInputError(CliRun.Of("inspect", "@none"), "@none");
        AssertInputError(CliRun.Of("inspect", "--", "--ps"), "--ps");
    }

    [Fact]
    public void A_terminal_as_input_is_a_usage_error()
    {
        CliRun run = CliRun.On(new CliWorld { InputIsTerminal = true }, "inspect", "-");
        Assert.Equal(ExitCode.Usage, run.ExitCode);
    }

    [Fact]
    public void A_pid_that_is_not_in_the_image_is_a_negative_answer()
    {
        CliRun run = CliRun.Inspect(SampleTrees.Rich(), "--pid", "77");
        Assert.Equal(ExitCode.Negative, run.ExitCode);
        Assert.Equal("ckpt: no process 77 in standard input\n", run.Error);
        Assert.Empty(run.OutBytes);
    }

    private static void AssertInputError(CliRun run, string expected)
    {
        Assert.Equal(ExitCode.Input, run.ExitCode);
        Assert.Empty(run.OutBytes);
        Assert.StartsWith("ckpt: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Equal(run.Error.Length - 1, run.Error.IndexOf('\n', StringComparison.Ordinal));
    }
}
