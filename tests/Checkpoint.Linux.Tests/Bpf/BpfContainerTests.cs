using System;
using System.IO;
using System.Linq;
using Checkpoint.Linux.Tests.Environment;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Linux.Tests.Bpf;

/// <summary>Programs that run from an overlay, as in a container, where each mapped file stands behind another.</summary>
public sealed class BpfContainerTests
{
    /// <summary>A root of its own above the machine's, with a program of the upper layer; libraries are of the lower.</summary>
    private const string Container = """
        mount -t tmpfs none "$1"
        mkdir "$1/upper" "$1/work" "$1/root"
        mount -t overlay none -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
        cp "$2" "$1/root/program"
        chmod 755 "$1/root"
        exec chroot "$1/root" /program
        """;

    [LinuxFact("gcc", "unshare", "chroot", "readelf", Oracle.Python, Root = true, Bpf = true)]
    public void Mapped_files_of_a_container_are_as_proc_says_by_both_programs()
    {
        using TempFolder folder = new();
        string program = Workload.Build("threads");
        using ChildProcess container = ChildProcess.Start(
            ["unshare", "--mount", "--propagation", "private", "sh", "-euc", Container, "sh", folder.FullName, program]);
        ImageComparison.AssertSame(container.Pid);

        string[] line = File.ReadLines($"/proc/{container.Pid}/maps").First(text => text.EndsWith("/program", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        using BothPrograms both = new();
        foreach (ProcessTree tree in both.AssertSameImage(container.Pid))
        {
            MappedFile file = tree.Files.Single(file => file.Name.ToString().EndsWith("/program", StringComparison.Ordinal));
            Assert.Equal(line[3], $"{file.Major:x2}:{file.Minor:x2}");
            Assert.Equal(line[4], file.Inode.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Assert.Contains(Convert.ToHexStringLower(file.BuildId!.Value.Span), Tool.Output("readelf", "-n", program), StringComparison.Ordinal);
            Assert.All(tree.Processes[0].Space!.Vmas.ToArray(), vma => Assert.True(vma.File < 0 || tree.Files[vma.File].Inode == 0 || tree.Files[vma.File].Name.Length > 0));
        }
    }
}
