using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Checkpoint.Linux.Tests.Environment;

/// <summary>
/// A folder that is made like <c>/proc</c>, of plain files: for labels, kernels and values that this machine has not. Its
/// process <c>self</c>, whose files are those that the kernel "has", is there from the start.
/// </summary>
public sealed class FakeProc : IDisposable
{
    private static readonly string[] _namespaces = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"];

    private readonly TempFolder _folder = new();
    private readonly List<string> _processes = [];

    /// <summary>Makes it.</summary>
    public FakeProc() => AddProcess("self", 1);

    /// <summary>Its path.</summary>
    public string FullName => _folder.FullName;

    /// <summary>Adds a process with threads; the leader is the first.</summary>
    /// <param name="pid">Its number.</param>
    /// <param name="threads">Numbers of further threads.</param>
    public void Add(int pid, params int[] threads)
    {
        string name = pid.ToString(CultureInfo.InvariantCulture);
        AddProcess(name, pid);
        foreach (int tid in threads.Prepend(pid))
        {
            AddProcess($"{name}/task/{tid}", tid);
        }
    }

    /// <summary>Writes a file in place of what is there.</summary>
    /// <param name="path">Such as "7/task/7/status".</param>
    /// <param name="text">Its content.</param>
    public void Write(string path, string text) => File.WriteAllText(_folder[path], text);

    /// <summary>Changes a file's text.</summary>
    /// <param name="path">Such as "7/stat".</param>
    /// <param name="from">What must be in it.</param>
    /// <param name="to">What stands there then.</param>
    public void Change(string path, string from, string to)
    {
        string text = File.ReadAllText(_folder[path]);
        Xunit.Assert.Contains(from, text, StringComparison.Ordinal);
        Write(path, text.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>Takes lines out of a file.</summary>
    /// <param name="path">Such as "7/task/7/status".</param>
    /// <param name="keys">How the lines begin.</param>
    public void Drop(string path, params string[] keys) => Write(path, string.Concat(
        File.ReadAllLines(_folder[path]).Where(line => !keys.Any(key => line.StartsWith(key, StringComparison.Ordinal))).Select(line => line + "\n")));

    /// <summary>Removes files, wherever a process has one of the name.</summary>
    /// <param name="name">Such as "environ" or "attr/current".</param>
    public void RemoveEverywhere(string name)
    {
        foreach (string process in _processes)
        {
            File.Delete(_folder[$"{process}/{name}"]);
        }
    }

    /// <summary>Removes one file.</summary>
    /// <param name="path">Such as "7/task/7/exe".</param>
    public void Remove(string path) => File.Delete(_folder[path]);

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private void AddProcess(string folder, int id)
    {
        _processes.Add(folder);
        Directory.CreateDirectory(_folder[folder + "/ns"]);
        Directory.CreateDirectory(_folder[folder + "/attr"]);
        foreach ((string name, string text) in Files(id))
        {
            Write($"{folder}/{name}", text);
        }

        foreach ((string name, string target) in _namespaces.Select((kind, i) => ("ns/" + kind, $"{kind}:[{4026531830 + i}]"))
            .Concat([("exe", "/usr/bin/made-up"), ("cwd", "/srv"), ("root", "/")]))
        {
            File.CreateSymbolicLink(_folder[$"{folder}/{name}"], target);
        }
    }

    private static Dictionary<string, string> Files(int id) => new()
    {
        ["stat"] = $"{id} (made up) S 1 {id} {id} 0 -1 4194304 10 0 1 0 5 6 0 0 20 0 1 0 987654 8192000 100 18446744073709551615 "
            + "94000000000000 94000000100000 140700000000000 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 94000000200000 94000000300000 94000000400000 "
            + "140700000001000 140700000001010 140700000001010 140700000001020 0\n",
        ["status"] = $"Name:\tmade up\nUmask:\t0027\nState:\tS (sleeping)\nTgid:\t{id}\nPid:\t{id}\nPPid:\t1\nTracerPid:\t0\nUid:\t1\t2\t3\t4\n"
            + "Gid:\t5\t6\t7\t8\nGroups:\t4 24 27 \nNSpid:\t" + id + "\nVmPeak:\t9000 kB\nVmSize:\t8000 kB\nVmLck:\t0 kB\nVmPin:\t0 kB\nVmHWM:\t3000 kB\n"
            + "VmRSS:\t2000 kB\nRssAnon:\t1500 kB\nRssFile:\t400 kB\nRssShmem:\t100 kB\nVmData:\t700 kB\nVmStk:\t132 kB\nVmExe:\t800 kB\n"
            + "VmLib:\t1700 kB\nVmPTE:\t56 kB\nVmSwap:\t0 kB\nThreads:\t1\nSigPnd:\t0000000000000000\nShdPnd:\t0000000000000000\n"
            + "SigBlk:\t0000000000010000\nSigIgn:\t0000000000380004\nSigCgt:\t000000004b817efb\nCapInh:\t0000000000000000\n"
            + "CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapBnd:\t000001ffffffffff\nCapAmb:\t0000000000000000\nNoNewPrivs:\t0\n"
            + "Seccomp:\t0\nSeccomp_filters:\t0\n",
        ["statm"] = "2000 500 100 200 0 175 0\n",
        ["cmdline"] = "made-up\0--all\0",
        ["environ"] = "A=1\0B=2\0",
        ["attr/current"] = "unconfined\n",
        ["children"] = "",
        ["timens_offsets"] = "monotonic           0         0\nboottime            0         0\n",
        ["maps"] = "557e4b3f5000-557e4b40e000 r-xp 00000000 fe:01 77                         /usr/bin/made-up\n"
            + "7ff6d6d00000-7ff6d6e00000 rw-p 00000000 00:00 0                          [stack]\n",
        ["smaps"] = "557e4b3f5000-557e4b40e000 r-xp 00000000 fe:01 77                         /usr/bin/made-up\nSize:  100 kB\nRss:  8 kB\n"
            + "VmFlags: rd ex mr mw me\n",
    };
}
