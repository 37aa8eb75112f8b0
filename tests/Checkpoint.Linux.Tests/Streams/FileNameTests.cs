using System.IO;
using System.Linq;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Streams;

public sealed class FileNameTests
{
    [LinuxFact("bash", Oracle.Python)]
    public void A_name_that_is_not_UTF8_is_written_and_read_as_the_very_bytes()
    {
        using TempFolder folder = new();
        using ChildProcess target = ChildProcess.Launch(["sleep", "600"]);
        const string Script = "cd \"$2\"; set -e\n"
            + "\"$ckpt\" dump --pid $1 -o $'a\\xff' 2> message; \"$ckpt\" dump -q --pid $1 --output=$'\\xc3\\xa9\\xfe\\xed\\xa0\\x80'\n"
            + "\"$ckpt\" inspect $'a\\xff' --ps > ps; \"$ckpt\" validate -q $'a\\xff' $'\\xc3\\xa9\\xfe\\xed\\xa0\\x80'\n"
            + "\"$ckpt\" diff $'a\\xff' $'a\\xff' > diff; \"$ckpt\" tasks one -p $1 --raw $'r\\xff' > live; \"$ckpt\" tasks --from $'r\\xff' > read\n"
            + "head -c -9 < $'a\\xff' > $'c\\x80'; \"$ckpt\" validate --salvage $'s\\xff' $'c\\x80' --json > salvage || test $? = 1\n"
            + "\"$ckpt\" validate -q $'s\\xff'; \"$ckpt\" dump -q --pid $1 -o $'j\\xff' --json > json; cmp live read";
        Shell.Run(Script, target.PidText, folder.FullName).Expect(0);
        const string List = "import os, sys; print(*sorted(name.hex() for name in os.listdir(sys.argv[1].encode()) if not name.isascii()))";
        Assert.Equal("61ff 6380 6aff 72ff 73ff c3a9feeda080\n", Tool.Output(Oracle.Python, "-c", List, folder.FullName));
        Assert.StartsWith("wrote a\\xff: ", File.ReadAllText(folder["message"]), System.StringComparison.Ordinal);
        Assert.Contains("\"bytes\": \"6aff\"", File.ReadAllText(folder["json"]), System.StringComparison.Ordinal);
        Assert.Contains("\"bytes\": \"73ff\"", File.ReadAllText(folder["salvage"]), System.StringComparison.Ordinal);
        Shell.Run("\"$ckpt\" inspect $'/none\\xff\\xfe'").ExpectOneLine(3, "/none\\xff\\xfe: no such file");
    }

    [LinuxFact]
    public void Text_and_bytes_of_names_are_each_others_inverse()
    {
        foreach (byte[] name in (byte[][])[[.. "plain"u8], [0xff], [0xc3, 0xa9, 0x80], [0xed, 0xb2, 0x80], [0xf0, 0x9f, 0x98, 0x80, 0xf0, 0x9f], [.. "\ufffd"u8], [.. Enumerable.Range(1, 255).Select(i => (byte)i)]])
        {
            Assert.Equal(name, FileName.Bytes(FileName.Text(name)));
        }
    }

    [LinuxFact]
    public void An_empty_name_is_a_usage_error_and_a_folder_no_input()
    {
        using TempFolder folder = new();
        foreach (string[] args in (string[][])[["inspect", ""], ["validate", ""], ["validate", "none", ""], ["diff", "", ""], ["tasks", "--from", ""], ["dump", "-p", "1", "-o", ""], ["tasks", "all", "--raw", ""]])
        {
            RunResult result = Ckpt.Run(args).Expect(2);
            Assert.Contains("must not be empty", result.Stderr, System.StringComparison.Ordinal);
            Assert.Empty(result.Stdout);
        }

        Ckpt.Run("inspect", folder.FullName).ExpectOneLine(3, "is a directory");
        Ckpt.Run("tasks", "--from", folder.FullName).ExpectOneLine(3, "is a directory");
        Ckpt.Run("inspect", folder["none/none"]).ExpectOneLine(3, "no such file");
    }
}
