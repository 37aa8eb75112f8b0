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

    /// <summary>It includes run.h.</summary>
    private static readonly string _header = Path.Combine(Repository.Root, "src/bpf/walk.h");

    private static readonly string _text = File.ReadAllText(Path.Combine(Repository.Root, "src/bpf/run.h")) + File.ReadAllText(_header);

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
        foreach (string type in (string[])["task_diag_run", "task_diag_run_keys", "task_diag_walk"])
        {
            body.Append(CultureInfo.InvariantCulture, $"printf(\"{type} %zu\\n\", sizeof(struct {type}));");
            foreach (string field in FieldsOf(type))
            {
                body.Append(CultureInfo.InvariantCulture, $"printf(\"{type}.{field} %zu,%zu\\n\", offsetof(struct {type}, {field}), sizeof(((struct {type} *)0)->{field}));");
            }
        }

        Dictionary<string, string> expected = Print(body.ToString());
        Assert.Equal(expected, Layout("task_diag_run", typeof(BpfRun)).Concat(Layout("task_diag_run_keys", typeof(BpfPathKeys))).Concat(Layout("task_diag_walk", typeof(BpfWalk))).ToDictionary());
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
            ["TASK_DIAG_VMA_KEY_PAGES"] = BpfNames.OddPages,
            ["TASK_DIAG_VMA_IS_HEAP"] = BpfNames.IsHeap,
            ["TASK_DIAG_VMA_IS_STACK"] = BpfNames.IsStack,
            ["TASK_DIAG_VMA_IS_GATE"] = BpfNames.IsGate,
            ["TASK_DIAG_VMA_IS_NAMED"] = BpfNames.IsNamed,
            ["TASK_DIAG_WALK_SLOTS"] = BpfWalk.MaxSlots,
            ["TASK_DIAG_SLOT_WALK"] = BpfWalk.Offset,
            ["TASK_DIAG_WALK_TELL"] = BpfWalk.Tell,
            ["TASK_DIAG_WALK_CHILDREN"] = BpfWalk.Children,
            ["TASK_DIAG_WALK_SHARED"] = BpfWalk.Shared,
            ["TASK_DIAG_WALK_VMAS"] = BpfWalk.Vmas,
            ["TASK_DIAG_WALK_LEADERS"] = BpfWalk.Leaders,
            ["TASK_DIAG_WALK_ALL"] = BpfWalk.All,
            ["TASK_DIAG_WALK_TASK"] = BpfWalk.Task,
            ["TASK_DIAG_WALK_THREADS"] = BpfWalk.Threads,
            ["TASK_DIAG_VMA_IS_SPECIAL"] = BpfNames.IsSpecial,
        };
        string[] names = [.. Regex.Matches(_text, @"^#define (TASK_DIAG_\w+)\s", RegexOptions.Multiline)
            .Select(m => m.Groups[1].Value).Where(name => name is not ("TASK_DIAG_RUN_VERSION" or "TASK_DIAG_SLOT_NODE"))];
        Dictionary<string, string> expected = Print(string.Concat(names.Select(name => $"printf(\"{name} %llu\\n\", (unsigned long long){name});")));
        Assert.Equal(expected, ours.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(CultureInfo.InvariantCulture)));
    }

    [LinuxFact]
    public void What_lies_in_a_slot_does_not_overlap()
    {
        int node = int.Parse(Regex.Match(_text, @"TASK_DIAG_SLOT_NODE\s+(\d+)U").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(Marshal.SizeOf<BpfRun>(), 1, BpfWalk.Offset);
        Assert.InRange(BpfWalk.Offset + Marshal.SizeOf<BpfWalk>(), BpfWalk.Offset, node);
        Assert.InRange(node, BpfWalk.Offset, BpfRun.TidsOffset - 512);
    }

    [LinuxFact]
    public void The_programs_are_of_the_headers_version()
    {
        string version = Regex.Match(_text, @"TASK_DIAG_RUN_VERSION\s+(\d+)").Groups[1].Value;
        foreach (string name in (string[])["task_diag", "task_diag_iter"])
        {
            byte[] file = File.ReadAllBytes(Path.Combine(Repository.Root, $"src/bpf/{name}.bpf.bin"));
            Assert.Equal(uint.Parse(version, CultureInfo.InvariantCulture), BitConverter.ToUInt32(file, 4));
        }
    }

    private static IEnumerable<string> FieldsOf(string type) => Regex.Matches(
        Regex.Match(Regex.Replace(_text, @"/\*.*?\*/", "", RegexOptions.Singleline), $@"^struct {type} \{{(.*?)^\}}", RegexOptions.Singleline | RegexOptions.Multiline).Groups[1].Value,
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
