using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;
using Xunit.v3;

namespace Checkpoint.Linux.Tests.Environment;

/// <summary>
/// A fact that needs Linux and perhaps root or other programs. What is missing is the reason of the skip; reasons begin
/// with "needs" when an installation could supply it, so that CI can insist.
/// </summary>
/// <param name="tools">Programs that must be on the path, or be absolute paths.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute(params string[] tools) : FactAttribute, IFactAttribute
{
    private static readonly Dictionary<string, string> _packages = new()
    {
        ["gcc"] = "gcc libc6-dev",
        ["bpftool"] = "bpftool",
        ["initdb"] = "postgresql",
        ["mkfs.btrfs"] = "btrfs-progs",
        ["psql"] = "postgresql",
        ["node"] = "nodejs",
        ["pmap"] = "procps",
        ["ps"] = "procps",
        ["setpriv"] = "util-linux",
        ["setsid"] = "util-linux",
        ["setarch"] = "util-linux",
        ["chroot"] = "coreutils",
        ["unshare"] = "util-linux",
        ["nsenter"] = "util-linux",
        ["taskset"] = "util-linux",
        ["flock"] = "util-linux",
        ["readelf"] = "binutils",
        ["strace"] = "strace",
        ["/usr/bin/python3"] = "python3",
    };

    /// <summary>Programs that must be there.</summary>
    public IReadOnlyList<string> Tools => tools;

    /// <summary>Whether the test must run as root.</summary>
    public bool Root { get; set; }

    /// <summary>A file or folder that must exist, such as one of <c>/sys</c>.</summary>
    public string? Needs { get; set; }

    /// <summary>Whether BPF programs must be usable.</summary>
    public bool Bpf { get; set; }

    /// <summary>Whether pid 1 must refuse to be read even by root, as under some hypervisors.</summary>
    public bool HiddenPid1 { get; set; }

    /// <inheritdoc/>
    string? IFactAttribute.Skip => Skip ?? Reason();

    private string? Reason()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "not Linux";
        }

        if (tools.FirstOrDefault(tool => Tool.Find(tool) is null) is string missing)
        {
            return $"needs the program {missing} (package {_packages.GetValueOrDefault(missing, missing)})";
        }

        if (Root && !System.Environment.IsPrivilegedProcess)
        {
            return "needs root";
        }

        if (HiddenPid1 && Tool.Run(["readlink", "/proc/1/exe"]).ExitCode == 0)
        {
            return "pid 1 can be read here";
        }

        if (Bpf && BpfUse.Obstacle is string obstacle)
        {
            return $"no BPF here: {obstacle}";
        }

        return Needs is not null && !Path.Exists(Needs) ? $"needs {Needs}" : null;
    }
}
