using System;
using System.Linq;
using System.Text;
using System.Text.Json;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Cli;

public sealed class OddNameTests
{
    /// <summary>What <c>oddnames.c</c> calls itself, cut to what a comm holds.</summary>
    private static readonly byte[] _comm = [.. "a\n) R 1 (\x1b[2J"u8, 0xff, .. "\t"u8];

    [LinuxFact("gcc", Oracle.Python, Root = true)]
    public void Newlines_parentheses_escapes_and_invalid_UTF8_survive_exactly_everywhere()
    {
        using TempFolder folder = new();
        using ChildProcess odd = Workload.Start("oddnames", folder.FullName);
        JsonElement image = ImageComparison.AssertSame(odd.Pid);
        JsonElement process = image.GetProperty("processes")[0];
        Assert.Equal(_comm, Bytes(process.GetProperty("comm")));
        Assert.Equal([0xc3, 0x28, 0xff], Bytes(process.GetProperty("cmdline")[4]));
        Assert.Equal([0xfe, 0xff], Bytes(process.GetProperty("environ")[1]));
        Assert.True(process.GetProperty("exe_deleted").GetBoolean());
        Assert.EndsWith("\t\\", Encoding.Latin1.GetString(Bytes(process.GetProperty("exe"))), StringComparison.Ordinal);
        string[] mapped = image.GetProperty("spaces")[0].GetProperty("vmas").EnumerateArray().Select(vma => Encoding.Latin1.GetString(Bytes(vma.GetProperty("name")))).ToArray();
        foreach (string name in (string[])["/plain", "/new\nline", "/gone\n(deleted) (deleted)", "/looks gone (deleted)", "/back\\012slash", "/esc\x1b[2J\xff\xfe", "/  spaces  "])
        {
            Assert.Contains(folder.FullName + name, mapped);
        }

        Assert.Contains("/memfd:mem\nfd \x1b[0m (deleted)", mapped);
        Assert.Contains("/dev/zero (deleted)", mapped);
        Assert.Equal(
            ["", "\n\n", ") ) Z 0 0", "a\n) R 1 (\x1b[2J\xff\t", "\xff\xfe\\n"],
            image.GetProperty("threads").EnumerateArray().Select(thread => Encoding.Latin1.GetString(Bytes(thread.GetProperty("comm")))).Order(StringComparer.Ordinal));
    }

    [LinuxFact("gcc", Root = true)]
    public void No_view_of_odd_names_lets_a_control_byte_through()
    {
        using TempFolder folder = new();
        using TempFolder names = new();
        using ChildProcess odd = Workload.Start("oddnames", names.FullName);
        RunResult dump = Ckpt.Run("dump", "-v", "--env", "--pid", odd.PidText, "-o", folder["a.ckpt"]).Expect(0);
        AssertHarmless(Encoding.UTF8.GetBytes(dump.Stderr));
        int lines = 0;
        foreach (string[] view in (string[][])[[], ["--ps"], ["--threads"], ["--creds"], ["--vmas"], ["--json"], ["--json", "--vmas"]])
        {
            RunResult shown = Ckpt.Run(["inspect", folder["a.ckpt"], .. view]).Expect(0);
            AssertHarmless(shown.Stdout);
            lines += shown.Text.Count(c => c == '\n');
            if (view is ["--threads"])
            {
                // A heading and one line for each of the five threads, whatever their names.
                Assert.Equal(6, shown.Text.TrimEnd('\n').Split('\n').Length);
            }
        }

        Assert.True(lines > 50);
    }

    [LinuxFact("gcc", Root = true)]
    public void An_odd_output_name_is_no_danger_to_the_terminal_either()
    {
        using TempFolder folder = new();
        RunResult result = Ckpt.Run("inspect", folder["no\x1b[2J\nsuch\u202efile"]);
        result.ExpectOneLine(3);
        AssertHarmless(Encoding.UTF8.GetBytes(result.Stderr));
        result = Ckpt.Run("dump", "--pid", "4194303", "-o", folder["no\x1b[2J\nsuch/file"]);
        result.ExpectOneLine(6);
        AssertHarmless(Encoding.UTF8.GetBytes(result.Stderr));
    }

    private static byte[] Bytes(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? Encoding.UTF8.GetBytes(value.GetString()!)
        : Convert.FromHexString(value.GetProperty("bytes").GetString()!);

    private static void AssertHarmless(byte[] output)
    {
        string text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(output);
        char[] harmful = text.Where(c => (char.IsControl(c) && c != '\n') || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format).Distinct().ToArray();
        Assert.True(harmful.Length == 0, string.Join(' ', harmful.Select(c => $"{(int)c:x4}")));
    }
}
