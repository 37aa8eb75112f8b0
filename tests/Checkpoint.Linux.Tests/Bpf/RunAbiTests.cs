using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Checkpoint.Linux.Bpf;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Linux.Transports;
using Xunit;

namespace Checkpoint.Linux.Tests.Bpf;

/// <summary>What src/bpf/run.h says is what the C# side does, going by a C compiler.</summary>
public sealed class RunAbiTests
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly string _header = Path.Combine(Repository.Root, "src/bpf/run.h");

    /// <summary>Fields that have another name here: bytes as two words, structs field by field.</summary>
    private static readonly Dictionary<string, string[]> _split = new()
    {
        ["parts"] = ["Parts0", "Parts1"],
        ["exe"] = ["ExeMnt", "ExeDentry", "ExeInode"],
        ["cwd"] = ["CwdMnt", "CwdDentry", "CwdInode"],
        ["root"] = ["RootMnt", "RootDentry", "RootInode"],
    };

    [LinuxFact("gcc")]
    public void The_run_and_its_keys_lie_as_C_has_them()
    {
        StringBuilder body = new();
        foreach (string type in (string[])["task_diag_run", "task_diag_run_keys"])
        {
            body.Append(CultureInfo.InvariantCulture, $"printf(\"{type} %zu\\n\", sizeof(struct {type}));");
            foreach (string field in FieldsOf(type))
            {
                body.Append(CultureInfo.InvariantCulture, $"printf(\"{type}.{field} %zu,%zu\\n\", offsetof(struct {type}, {field}), sizeof(((struct {type} *)0)->{field}));");
            }
        }

        Dictionary<string, string> expected = Print(body.ToString());
        Assert.Equal(expected, Layout("task_diag_run", typeof(BpfRun)).Concat(Layout("task_diag_run_keys", typeof(BpfPathKeys))).ToDictionary());
    }

    [LinuxFact("gcc")]
    public void Every_constant_has_the_value_of_the_header()
    {
        Dictionary<string, ulong> ours = new()
        {
            ["TASK_DIAG_SLOT_SIZE"] = BpfRun.SlotSize,
            ["TASK_DIAG_SLOT_TIDS"] = BpfRun.TidsOffset,
            ["TASK_DIAG_RUN_TIDS"] = BpfRun.MaxTids,
            ["TASK_DIAG_SLOT_OUT"] = BpfRun.OutOffset,
            ["TASK_DIAG_RUN_LIST"] = BpfRun.List,
            ["TASK_DIAG_RUN_TELL"] = BpfRun.Tell,
            ["TASK_DIAG_RUN_KEYS"] = BpfRun.KeysAttribute,
            ["TASK_DIAG_KEYS_KTHREAD"] = BpfPathKeys.KernelThread,
            ["TASK_DIAG_VMA_KEY_BACKED"] = BpfNames.Backed,
            ["TASK_DIAG_VMA_KEY_PAGES"] = BpfNames.OddPages,
            ["TASK_DIAG_VMA_IS_HEAP"] = BpfNames.IsHeap,
            ["TASK_DIAG_VMA_IS_STACK"] = BpfNames.IsStack,
            ["TASK_DIAG_VMA_IS_GATE"] = BpfNames.IsGate,
            ["TASK_DIAG_VMA_IS_NAMED"] = BpfNames.IsNamed,
            ["TASK_DIAG_VMA_IS_SPECIAL"] = BpfNames.IsSpecial,
        };
        string[] names = [.. Regex.Matches(File.ReadAllText(_header), @"^#define (TASK_DIAG_\w+)\s", RegexOptions.Multiline)
            .Select(m => m.Groups[1].Value).Where(name => name is not ("TASK_DIAG_RUN_VERSION" or "TASK_DIAG_SLOT_NODE"))];
        Dictionary<string, string> expected = Print(string.Concat(names.Select(name => $"printf(\"{name} %llu\\n\", (unsigned long long){name});")));
        Assert.Equal(expected, ours.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(CultureInfo.InvariantCulture)));
    }

    [LinuxFact]
    public void The_programs_are_of_the_headers_version()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Repository.Root, "src/bpf/task_diag.bpf.bin"));
        string version = Regex.Match(File.ReadAllText(_header), @"TASK_DIAG_RUN_VERSION\s+(\d+)").Groups[1].Value;
        Assert.Equal(uint.Parse(version, CultureInfo.InvariantCulture), BitConverter.ToUInt32(file, 4));
    }

    private static IEnumerable<string> FieldsOf(string type) => Regex.Matches(
        Regex.Match(Regex.Replace(File.ReadAllText(_header), @"/\*.*?\*/", "", RegexOptions.Singleline), $@"^struct {type} \{{(.*?)^\}}", RegexOptions.Singleline | RegexOptions.Multiline).Groups[1].Value,
        @"(\w+)(\[\w+\])?;").Select(m => m.Groups[1].Value);

    private static IEnumerable<KeyValuePair<string, string>> Layout(string type, Type ours)
    {
        yield return new(type, Marshal.SizeOf(ours).ToString(CultureInfo.InvariantCulture));
        HashSet<string> seen = [];
        foreach (string field in FieldsOf(type))
        {
            string[] parts = _split.GetValueOrDefault(field) ?? [string.Concat(field.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]))];
            int size = parts.Sum(part => Marshal.SizeOf(ours.GetField(part, All)!.FieldType));
            yield return new($"{type}.{field}", $"{Marshal.OffsetOf(ours, parts[0])},{size}");
            seen.UnionWith(parts);
        }

        Assert.Equal(ours.GetFields(All).Select(field => field.Name).Order(), seen.Order());
    }

    private static Dictionary<string, string> Print(string body)
    {
        using TempFolder folder = new();
        string source = $"#include <stddef.h>\n#include <stdio.h>\n#include \"{_header}\"\nint main(void) {{ {body} return 0; }}\n";
        File.WriteAllText(folder["a.c"], source);
        Tool.Run(["gcc", "-Wall", "-Wextra", "-Werror", "-o", folder["a"], folder["a.c"]]).Expect(0);
        return Tool.Output(folder["a"]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .ToDictionary(words => words[0], words => words[1]);
    }
}
