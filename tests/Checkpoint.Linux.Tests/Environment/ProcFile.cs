using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Checkpoint.Linux.Tests.Environment;

/// <summary>What the tests themselves ask of <c>/proc</c>, by plain text reading.</summary>
public static class ProcFile
{
    /// <summary>Lines of <c>status</c> that change when a process does anything.</summary>
    private static readonly string[] _telling = ["State:", "Threads:", "VmSize:", "voluntary_ctxt_switches:"];

    /// <summary>The value of a key of <c>status</c>.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="key">Such as "TracerPid".</param>
    /// <returns>The text after the tab, or null when the process or the key is not there.</returns>
    public static string? Status(int pid, string key)
    {
        try
        {
            return File.ReadLines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith(key + ":", StringComparison.Ordinal))?[(key.Length + 1)..].Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The state letter of a process, or null when it is gone.</summary>
    /// <param name="pid">The process.</param>
    /// <returns>Such as 'S'.</returns>
    public static char? State(int pid) => Status(pid, "State")?[0];

    /// <summary>Everything alive in the session that a process leads or below that process.</summary>
    /// <param name="root">The process.</param>
    /// <returns>The pids, zombies left out.</returns>
    public static HashSet<int> LivingFamily(int root)
    {
        Dictionary<int, (int Ppid, int Sid, char State)> all = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && ReadStat(folder) is string[] stat)
            {
                all[pid] = (int.Parse(stat[1], CultureInfo.InvariantCulture), int.Parse(stat[3], CultureInfo.InvariantCulture), stat[0][0]);
            }
        }

        HashSet<int> family = all.Where(entry => entry.Key == root || entry.Value.Sid == root).Select(entry => entry.Key).ToHashSet();
        for (int before = -1; before != family.Count;)
        {
            before = family.Count;
            family.UnionWith(all.Where(entry => family.Contains(entry.Value.Ppid)).Select(entry => entry.Key));
        }

        // The leader of a thread group may be a zombie while its other threads live.
        family.RemoveWhere(pid => all.TryGetValue(pid, out (int Ppid, int Sid, char State) entry) && entry.State == 'Z' && ThreadCount(pid) <= 1);
        return family;
    }

    /// <summary>Whether a process has a file open.</summary>
    /// <param name="pid">Which.</param>
    /// <param name="path">The file.</param>
    public static bool HasOpen(int pid, string path)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Any(fd => new FileInfo(fd).LinkTarget == path);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Whether a thread of a process waits for a pipe's reader.</summary>
    /// <param name="pid">Which.</param>
    public static bool WaitsForReader(int pid)
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{pid}/task").Any(task => File.ReadAllText(task + "/wchan").Contains("pipe_write", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Waits until nothing in a family runs or comes and goes, so that two readers see the same; not long, for some never rest.</summary>
    /// <param name="root">The root of the family.</param>
    public static void WaitUntilQuiet(int root)
    {
        string before = "";
        for (int calm = 0, round = 0; calm < 3 && round < 30; round++)
        {
            Wait.Pass(50);
            string now = string.Join(';', LivingFamily(root).Order().Select(Fingerprint));
            calm = now == before && !now.Contains("(running)", StringComparison.Ordinal) ? calm + 1 : 0;
            before = now;
        }
    }

    private static string Fingerprint(int pid)
    {
        try
        {
            return $"{pid} " + string.Join(' ', File.ReadLines($"/proc/{pid}/status")
                .Where(line => _telling.Any(key => line.StartsWith(key, StringComparison.Ordinal)))
                .Select(line => line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..]));
        }
        catch (IOException)
        {
            return $"{pid} gone";
        }
    }

    private static int ThreadCount(int pid)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{pid}/task").Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string[]? ReadStat(string folder)
    {
        try
        {
            string text = File.ReadAllText(folder + "/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
