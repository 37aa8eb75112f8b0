using System;
using System.Linq;
using System.Text;
using Checkpoint.Model;

namespace Checkpoint.Tests.Imaging;

/// <summary>All that a tree says, as text: equal trees have equal text, and a difference is easy to see.</summary>
internal static class TreeText
{
    /// <summary>A process prints its leader, so it has to have one.</summary>
    private static readonly ThreadEntry[] Placeholder = [new() { Tid = 1, Comm = default, State = TaskState.Running, StartTimeTicks = 0 }];

    /// <summary>Describes a tree, in the order in which it lists things.</summary>
    public static string Of(ProcessTree tree)
    {
        StringBuilder text = new();
        text.Append(tree.Capture).Append('\n');
        foreach (ProcessEntry process in tree.Processes)
        {
            // Records print their members; those that are lists are printed below.
            text.Append(process with { Threads = Placeholder, Space = null, Cmdline = null, Environ = null, Exe = null, Cwd = null, Root = null }).Append('\n');
            foreach (ByteString? bytes in new[] { process.Cmdline, process.Environ, process.Exe, process.Cwd, process.Root })
            {
                text.Append("  ").Append(Hex(bytes)).Append('\n');
            }

            text.Append("  space: ").Append(process.Space is null ? "null" : process.Space.Vmas.Length).Append('\n');
            for (int i = 0; i < process.Space?.Vmas.Length; i++)
            {
                Vma vma = process.Space.Vmas[i];
                text.Append($"    {vma.Start:x}-{vma.End:x} {(ulong)vma.Flags:x} {vma.Offset:x} {vma.PageSize} ");
                text.Append(vma.File < 0 ? "-" : Describe(tree.Files[vma.File]));
                text.Append(process.Space.Stats.IsEmpty ? "" : $" {process.Space.Stats[i]}").Append('\n');
            }

            foreach (ThreadEntry thread in process.Threads)
            {
                text.Append("  ").Append(thread with { NsPids = [], Credentials = null }).Append(Hex(thread.Comm));
                text.Append(" [").AppendJoin(',', thread.NsPids).Append("] ").Append(thread.Credentials).Append(Hex(thread.Credentials?.Label));
                text.Append(thread.Credentials?.Groups is uint[] groups ? string.Join(',', groups.Select(g => g.ToString())) : "null").Append('\n');
            }
        }

        text.AppendJoin('\n', tree.Files.Select(Describe)).Append('\n');
        text.AppendJoin('\n', tree.Gaps).Append('\n');
        text.AppendJoin('\n', tree.Events).Append('\n');
        text.AppendJoin('\n', tree.Users.Select(u => $"{u.Uid} {Hex(u.Name)}")).Append('\n');
        return text.ToString();
    }

    private static string Describe(MappedFile file) => $"{file.Major}:{file.Minor} {file.Inode} {Hex(file.Name)} {Hex(file.BuildId)}";

    private static string Hex(ByteString? bytes) => bytes is ByteString b ? $"'{Convert.ToHexString(b.Span)}'" : "null";
}
