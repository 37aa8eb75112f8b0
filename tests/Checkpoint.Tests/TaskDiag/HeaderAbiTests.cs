using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Checkpoint.Model;
using Checkpoint.TaskDiag;
using Xunit;

namespace Checkpoint.Tests.TaskDiag;

/// <summary>Holds the C# side against src/bpf/task_diag.h as a C compiler sees it. A struct, field or constant that nothing checks fails.</summary>
public sealed class HeaderAbiTests
{
    /// <summary>From this bit on vm_flags are extensions.</summary>
    private const VmaFlags FirstExtension = (VmaFlags)(1UL << 32);

    /// <summary>Fields that are not simply values: <see cref="FrameInteropTests"/> has a C program read and write them.</summary>
    private static readonly HashSet<string> HeldElsewhere =
    [
        "task_diag_pid.show_flags", "task_diag_pid.dump_strategy", "task_diag_pid.pid", "task_diag_caps.cap",
        "task_diag_request.nlmsg_len", "task_diag_request.nlmsg_type", "task_diag_request.nlmsg_flags",
        "task_diag_request.nlmsg_seq", "task_diag_request.nlmsg_pid", "task_diag_request.req",
        "task_diag_msg.pid", "task_diag_msg.tgid", "task_diag_msg.flags",
        "task_diag_frame.nlmsg_len", "task_diag_frame.nlmsg_type", "task_diag_frame.nlmsg_flags",
        "task_diag_frame.nlmsg_seq", "task_diag_frame.nlmsg_pid", "task_diag_frame.msg",
        "task_diag_attr.nla_len", "task_diag_attr.nla_type",
        "task_diag_vma.vma_len", "task_diag_vma.name_off", "task_diag_vma.name_len", "task_diag_vma.stat_off", "task_diag_vma.stat_len",
        "task_diag_ext_security.cap_ambient", "task_diag_ext_security.no_new_privs", "task_diag_ext_security.seccomp",
        "task_diag_ext_security.seccomp_filters", "task_diag_ext_security.known", "task_diag_ext_exe.flags", "task_diag_ext_gap.part",
        "task_diag_ext_vma_stat.stat",
        "task_diag_ext_build_id.start", "task_diag_ext_build_id.file", "task_diag_ext_build_id.err", "task_diag_ext_build_id.flags",
        "task_diag_ext_build_id.length", "task_diag_ext_build_id.id",
        "task_diag_ext_file.number", "task_diag_ext_file.major", "task_diag_ext_file.minor",
        "task_diag_ext_file.length", "task_diag_ext_file.name_len", "task_diag_ext_file.inode",
    ];

    [GccFact]
    public void Every_struct_has_the_size_that_C_gives_it()
    {
        Dictionary<string, string[]> structs = Structs();
        StringBuilder body = new();
        foreach (string type in structs.Keys)
        {
            body.AppendLine(CultureInfo.InvariantCulture, $"printf(\"{type} %zu\\n\", sizeof(struct {type}));");
        }

        Dictionary<string, string> sizes = Print(body);
        Assert.Equal(sizes.Keys.Order(StringComparer.Ordinal), HeaderFields.Sizes.Keys.Order(StringComparer.Ordinal));
        Assert.All(sizes, size => Assert.Equal(int.Parse(size.Value, CultureInfo.InvariantCulture), HeaderFields.Sizes[size.Key]));
    }

    [GccFact]
    public void Every_field_lies_where_C_puts_it()
    {
        StringBuilder body = new();
        foreach ((string type, string[] fields) in Structs())
        {
            foreach (string field in fields.Where(field => field != "pad"))
            {
                body.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"printf(\"{type}.{field} %zu,%zu\\n\", offsetof(struct {type}, {field}), sizeof(((struct {type} *)0)->{field}));");
            }
        }

        Dictionary<string, string> places = Print(body);
        Assert.Equal(
            places.Keys.Order(StringComparer.Ordinal),
            HeaderFields.Encoded.Keys.Concat(HeldElsewhere).Order(StringComparer.Ordinal));
        Assert.All(HeaderFields.Encoded, field =>
        {
            int[] place = [.. places[field.Key].Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
            byte[] expected = new byte[field.Value.Length];
            HeaderFields.Marker(place[1]).CopyTo(expected, place[0]);
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(field.Value));
        });
    }

    [GccFact]
    public void Every_constant_has_the_value_that_C_gives_it()
    {
        string[] names = [.. Regex.Matches(Code(), @"\bTASK_DIAG_[A-Z0-9_]+\b").Select(m => m.Value).Distinct()];
        StringBuilder body = new();
        foreach (string name in names)
        {
            body.AppendLine(CultureInfo.InvariantCulture, $"printf(\"{name} %llu\\n\", (unsigned long long){name});");
        }

        Dictionary<string, ulong> expected = new()
        {
            ["CMDGET"] = TaskDiagWire.MessageType,
            ["NLMFMULTI"] = TaskDiagWire.FlagMulti,
            ["FLAGCONT"] = TaskDiagWire.FlagContinued,
            ["ALIGNTO"] = (ulong)TaskDiagWire.Align(1),
            ["COMMLEN"] = TaskComm.Size,
            ["EXTKNOWNAMBIENT"] = Known(new TaskDiagExtSecurity(0, null, null, null)),
            ["EXTKNOWNNONEWPRIVS"] = Known(new TaskDiagExtSecurity(null, false, null, null)),
            ["EXTKNOWNSECCOMP"] = Known(new TaskDiagExtSecurity(null, null, 0, null)),
            ["EXTKNOWNFILTERS"] = Known(new TaskDiagExtSecurity(null, null, null, 0)),
            ["EXTEXEDELETED"] = 1,
            ["EXTBUILDIDMAX"] = TaskDiagExtBuildId.MaxIdLength,
            ["EXTBUILDIDCALLEDDELETED"] = TaskDiagExtBuildId.CalledDeleted,

            // Model.TaskState has the names of /proc, the wire those of the kernel.
            ["RUNNING"] = (ulong)Model.TaskState.Running,
            ["INTERRUPTIBLE"] = (ulong)Model.TaskState.Sleeping,
            ["UNINTERRUPTIBLE"] = (ulong)Model.TaskState.DiskSleep,
            ["STOPPED"] = (ulong)Model.TaskState.Stopped,
            ["TRACESTOP"] = (ulong)Model.TaskState.TracingStop,
            ["DEAD"] = (ulong)Model.TaskState.Dead,
            ["ZOMBIE"] = (ulong)Model.TaskState.Zombie,
            ["PARKED"] = (ulong)Model.TaskState.Parked,
            ["IDLE"] = (ulong)Model.TaskState.Idle,
        };
        AddEnum<TaskDiagAttribute>(expected, "", v => (ulong)v);
        AddEnum<TaskDiagShow>(expected, "SHOW", v => (ulong)v);
        AddEnum<TaskDiagStrategy>(expected, "DUMP", v => (ulong)v);
        AddEnum<VmaFlags>(expected, v => v < FirstExtension ? "VMAF" : "VMAFEXT", v => (ulong)v);

        Dictionary<string, ulong> actual = Print(body).ToDictionary(
            pair => pair.Key["TASK_DIAG_".Length..].Replace("_", "", StringComparison.Ordinal),
            pair => ulong.Parse(pair.Value, CultureInfo.InvariantCulture));
        Assert.Equal(
            expected.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"),
            actual.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"));
    }

    [Fact]
    public void The_show_flag_of_each_attribute_is_its_bit()
    {
        foreach (TaskDiagAttribute attribute in Enum.GetValues<TaskDiagAttribute>())
        {
            Assert.Equal((TaskDiagShow)(1UL << (int)attribute), Enum.Parse<TaskDiagShow>(attribute.ToString()));
        }

        Assert.Equal(Enum.GetValues<TaskDiagAttribute>().Length + 2, Enum.GetValues<TaskDiagShow>().Length);
    }

    [Fact]
    public void The_specification_has_each_flag_of_a_VMA()
    {
        string text = Specification();
        string own = Regex.Match(text, @"^vm_flags bits.*?\bBits 0 to 3", RegexOptions.Singleline | RegexOptions.Multiline).Value;
        IEnumerable<Match> told = Regex.Matches(own, @"\b(\d+) ([a-z][a-z0-9_]*)[,.]")
            .Concat(Regex.Matches(text, @"^\| (\d+) \| ([a-z_]+) \|[^|]+\|[^|]+\|$", RegexOptions.Multiline)
                .Where(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) >= 32));
        Dictionary<string, ulong> expected = [];
        AddEnum<VmaFlags>(expected, "", v => (ulong)BitOperations.Log2((ulong)v));
        Assert.Equal(
            expected.Select(pair => $"{pair.Key} {pair.Value}").Order(StringComparer.Ordinal),
            told.Select(m => $"{m.Groups[2].Value.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant()} {m.Groups[1].Value}")
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_specification_has_a_row_for_each_attribute_and_strategy()
    {
        string text = Specification();
        Dictionary<string, ulong> expected = [];
        AddEnum<TaskDiagAttribute>(expected, "", v => (ulong)v);
        AddEnum<TaskDiagStrategy>(expected, "", v => (ulong)v);
        expected.Add("HIDDEN", 63);
        Assert.Equal(
            expected.Select(pair => $"{pair.Key} {pair.Value}").Order(StringComparer.Ordinal),
            Regex.Matches(text, @"^\| ([A-Z_]+) \| (\d+) \|", RegexOptions.Multiline)
                .Select(m => $"{m.Groups[1].Value.Replace("_", "", StringComparison.Ordinal)} {m.Groups[2].Value}")
                .Order(StringComparer.Ordinal));
    }

    private static void AddEnum<T>(Dictionary<string, ulong> all, string prefix, Func<T, ulong> number)
        where T : struct, Enum => AddEnum(all, _ => prefix, number);

    private static void AddEnum<T>(Dictionary<string, ulong> all, Func<T, string> prefix, Func<T, ulong> number)
        where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>().Where(v => v.ToString() != "None"))
        {
            all.Add(prefix(value) + value.ToString().ToUpperInvariant(), number(value));
        }
    }

    private static ulong Known(TaskDiagExtSecurity security)
    {
        byte[] bytes = new byte[TaskDiagExtSecurity.Size];
        security.Write(bytes);
        return bytes[20];
    }

    private static string Specification() => File.ReadAllText(Path.Combine(
        Path.GetDirectoryName(CProgram.HeaderPath)!, "..", "Checkpoint", "TaskDiag", "README.md"));

    private static string Code() => Regex.Replace(File.ReadAllText(CProgram.HeaderPath), @"/\*.*?\*/", "", RegexOptions.Singleline);

    private static Dictionary<string, string[]> Structs() =>
        Regex.Matches(Code(), @"^struct (\w+) \{(.*?)^\}", RegexOptions.Singleline | RegexOptions.Multiline).ToDictionary(
            m => m.Groups[1].Value,
            m => Regex.Matches(m.Groups[2].Value, @"(\w+)(\[\w+\])?;").Select(f => f.Groups[1].Value).ToArray());

    private static Dictionary<string, string> Print(StringBuilder body)
    {
        string source = $"#include <stddef.h>\n#include <stdio.h>\n#include \"task_diag.h\"\nint main(void)\n{{\n{body}\treturn 0;\n}}\n";
        using CProgram program = new(source);
        return Encoding.ASCII.GetString(program.Output([])).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')).ToDictionary(words => words[0], words => words[1]);
    }
}
