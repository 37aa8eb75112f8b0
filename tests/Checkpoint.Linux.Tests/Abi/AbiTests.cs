using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Abi;

public sealed partial class AbiTests
{
    /// <summary>Our struct, the kernel's, and the members whose names differ by more than the casing.</summary>
    private static readonly Dictionary<string, (string Kernel, Dictionary<string, string> Renamed)> _structs = new()
    {
        ["BpfAttr"] = ("bpf_attr", new() { ["TestProgFd"] = "test.prog_fd", ["TestRetval"] = "test.retval", ["TestCtxSizeIn"] = "test.ctx_size_in", ["TestCtxIn"] = "test.ctx_in", ["ProgFd"] = "link_create.prog_fd", ["AttachType"] = "link_create.attach_type", ["IterInfo"] = "link_create.iter_info", ["IterInfoLen"] = "link_create.iter_info_len", ["LinkFd"] = "iter_create.link_fd" }),
        ["BpfIterLinkInfo"] = ("bpf_iter_link_info", new() { ["Tid"] = "task.tid", ["Pid"] = "task.pid" }),
        ["CnMsg"] = ("cn_msg", new() { ["Idx"] = "id.idx", ["Val"] = "id.val" }),
        ["Nlmsghdr"] = ("nlmsghdr", []),
        ["OpenHow"] = ("open_how", []),
        ["PidfdInfo"] = ("pidfd_info", []),
        ["ProcEvent"] = ("proc_event", new() { ["Err"] = "event_data.ack.err" }),
        ["ProcmapQuery"] = ("procmap_query", []),
        ["SockaddrNl"] = ("sockaddr_nl", []),
        ["Statx"] = ("statx", []),
        ["Timespec"] = ("__kernel_timespec", new() { ["Seconds"] = "tv_sec", ["Nanoseconds"] = "tv_nsec" }),
    };

    /// <summary>Those that the kernel takes in any size from a first one on, and of which only the beginning is declared here.</summary>
    private static readonly string[] _beginnings = ["BpfAttr", "BpfIterLinkInfo", "PidfdInfo", "ProcEvent"];

    private static readonly Lazy<BtfReader> _btf = new(() => new BtfReader(File.ReadAllBytes(BtfReader.Vmlinux)));

    [LinuxFact]
    public void Every_interop_struct_is_checked_against_the_kernel()
    {
        string[] unchecked_ = InteropStructs().Select(type => type.Name).Where(name => !_structs.ContainsKey(name)).ToArray();
        Assert.True(unchecked_.Length == 0, "add to the table of this test: " + string.Join(", ", unchecked_));
        Assert.NotEmpty(InteropStructs());
    }

    [LinuxFact(Needs = BtfReader.Vmlinux)]
    public void Every_interop_struct_has_the_size_and_offsets_that_the_kernel_has()
    {
        List<string> wrong = [];
        foreach (Type type in InteropStructs().Where(type => _structs.ContainsKey(type.Name)))
        {
            (string name, Dictionary<string, string> renamed) = _structs[type.Name];
            KernelLayout? kernel = _btf.Value.Struct(name);
            if (kernel is null)
            {
                // A kernel older than the struct answers the call with an error, so there is nothing to disagree about.
                continue;
            }

            if (_beginnings.Contains(type.Name) ? Marshal.SizeOf(type) > kernel.Size : Marshal.SizeOf(type) != kernel.Size)
            {
                wrong.Add($"{type.Name} has {Marshal.SizeOf(type)} bytes, {name} has {kernel.Size}");
            }

            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            {
                string member = renamed.GetValueOrDefault(field.Name) ?? SnakeCase(field.Name);
                KernelMember ours = new(member, (int)Marshal.OffsetOf(type, field.Name), Marshal.SizeOf(field.FieldType));
                if (!kernel.Members.Contains(ours))
                {
                    wrong.Add($"{type.Name}.{field.Name} is {ours}, the kernel has {kernel.Members.FirstOrDefault(m => m.Name == member)}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [LinuxFact("bpftool", Needs = BtfReader.Vmlinux)]
    public void The_BTF_reader_reads_what_bpftool_reads()
    {
        string[] dump = Tool.Output("bpftool", "btf", "dump", "file", BtfReader.Vmlinux, "format", "raw").Split('\n');
        int compared = 0;
        for (int i = 0; i < dump.Length; i++)
        {
            Match header = StructLine().Match(dump[i]);
            if (!header.Success || !IsInteresting(header.Groups[1].Value))
            {
                continue;
            }

            KernelLayout layout = _btf.Value.Struct(header.Groups[1].Value)!;
            Assert.Equal(header.Groups[2].Value, layout.Size.ToString(System.Globalization.CultureInfo.InvariantCulture));
            foreach (Match member in dump.Skip(i + 1).Select(line => MemberLine().Match(line)).TakeWhile(match => match.Success))
            {
                string name = member.Groups[1].Value;
                Assert.True(name == "(anon)" || layout.Members.Any(m => m.Name == name && m.Offset == int.Parse(member.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture) / 8), $"{layout.Name}.{name}");
            }

            compared++;
        }

        Assert.True(compared >= 5, $"{compared} structs compared");
    }

    [LinuxFact("gcc", Needs = BtfReader.Vmlinux)]
    public void The_BTF_reader_gives_the_sizes_that_a_C_compiler_gives()
    {
        const string Source = """
            #include <stddef.h>
            #include <stdio.h>
            #include <linux/stat.h>
            #define SHOW(m) printf(#m " %zu %zu\n", offsetof(struct statx, m), sizeof(((struct statx *)0)->m))
            int main(void) { SHOW(stx_mask); SHOW(stx_mode); SHOW(stx_ino); SHOW(stx_mtime); SHOW(stx_dev_minor); SHOW(stx_mnt_id); return 0; }
            """;
        using TempFolder folder = new();
        File.WriteAllText(folder["layout.c"], Source);
        Tool.Output("gcc", "-o", folder["layout"], folder["layout.c"]);
        KernelLayout layout = _btf.Value.Struct("statx")!;
        foreach (string line in Tool.Output(folder["layout"]).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.Contains(layout.Members, member => $"{member.Name} {member.Offset} {member.Size}" == line);
        }
    }

    private static IEnumerable<Type> InteropStructs() => typeof(Collector).Assembly.GetTypes()
        .Where(type => type.IsValueType && !type.IsEnum && !type.IsNested && type.Namespace == "Checkpoint.Linux.Interop"
            && type.GetCustomAttribute<CompilerGeneratedAttribute>() is null);

    private static bool IsInteresting(string name) => name is "procmap_query" or "statx" or "__kernel_timespec" or "nlmsghdr" or "nlattr" or "pidfd_info" or "bpf_iter_link_info" or "cn_msg";

    private static string SnakeCase(string name) => WordStart().Replace(name, "_$0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordStart();

    [GeneratedRegex(@"^\[\d+\] STRUCT '(\w+)' size=(\d+)")]
    private static partial Regex StructLine();

    [GeneratedRegex(@"^\t'([^']+)' type_id=\d+ bits_offset=(\d+)")]
    private static partial Regex MemberLine();
}
