using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace Checkpoint.Linux.Tests.Environment;

/// <summary>
/// Holds an image against what <c>/proc</c> said right before and right after it was taken: every field that did not
/// move meanwhile must be the same in the image, and only counters may move.
/// </summary>
public sealed class ImageComparison
{
    /// <summary>What changes in a process that does nothing much.</summary>
    private static readonly HashSet<string> _moving = ["counters", "process_counters", "processor", "state", "state_letter", "memory"];

    /// <summary>Said for people only, or compared by way of what it refers to.</summary>
    private static readonly HashSet<string> _derived = ["tty", "start_time", "space", "space_changed", "flag_names", "credentials", "id", "pids", "tids"];

    /// <summary>Numbers on x86-64 of rt_sigtimedwait, rt_sigsuspend, pselect6, ppoll, epoll_pwait, epoll_pwait2.</summary>
    private static readonly string[] _callsWithMask = ["128", "130", "270", "271", "281", "441"];

    private readonly List<string> _differences = [];
    private readonly JsonElement _image;
    private readonly JsonElement _before;
    private readonly JsonElement _after;

    private ImageComparison(JsonElement image, JsonElement before, JsonElement after)
    {
        _image = image;
        _before = before;
        _after = after;
    }

    /// <summary>
    /// Dumps a tree that is quiet or nearly so by every transport that can be used here, and compares all of it; tries again
    /// while something moves.
    /// </summary>
    /// <param name="pid">The root.</param>
    /// <param name="options">More options of <c>dump</c>.</param>
    /// <returns>The image of procfs that was compared.</returns>
    public static JsonElement AssertSame(int pid, params string[] options)
    {
        using TempFolder folder = new();
        string[] transports = options.Contains("--text-maps") ? ["procfs"] : BpfUse.Transports;
        bool children = !options.Contains("--no-children");
        List<string> differences = [];
        for (int attempt = 0; attempt < 6; attempt++)
        {
            ProcFile.WaitUntilQuiet(pid);
            JsonElement before = Oracle.Read(pid, children);
            JsonElement[] images = [.. transports.Select(transport => Ckpt.DumpAndInspect(
                pid.ToString(CultureInfo.InvariantCulture), folder[transport], ["--env", "--force", "--transport", transport, .. options]))];
            JsonElement after = Oracle.Read(pid, children);
            differences.Clear();
            foreach ((string transport, JsonElement image) in transports.Zip(images))
            {
                Assert.Equal(transport, image.GetProperty("capture").GetProperty("transport").GetString());
                ImageComparison comparison = new(image, before, after);
                comparison.Compare();
                AssertValid(folder[transport]);
                differences.AddRange(comparison._differences.Select(difference => $"{transport}: {difference}"));
            }

            if (differences.Count == 0)
            {
                return images[0];
            }

            Wait.Pass(100);
        }

        Assert.Fail($"{differences.Count} differences:\n" + string.Join('\n', differences.Take(25)));
        return default;
    }

    /// <summary>No rule of <c>ckpt validate</c> may call a capture of a living system invalid.</summary>
    private static void AssertValid(string image)
    {
        JsonElement file = Ckpt.Run("validate", image, "--json").Expect(0).Json.GetProperty("files")[0];
        Assert.Equal("valid", file.GetProperty("result").GetString());
        Assert.Equal(0, file.GetProperty("warnings").GetInt32());
    }

    private void Compare()
    {
        Assert.Equal("ckpt.inspect/1", _image.GetProperty("schema").GetString());
        CompareTable("processes", "pid");
        CompareTable("threads", "tid");
        CompareVmas();
        CompareOwners();
        foreach (string empty in (string[])["gaps", "events"])
        {
            if (_image.GetProperty(empty).GetArrayLength() != 0)
            {
                _differences.Add($"{empty}: {_image.GetProperty(empty)}");
            }
        }
    }

    private void CompareTable(string table, string key)
    {
        Dictionary<string, JsonElement> rows = _image.GetProperty(table).EnumerateArray().ToDictionary(row => row.GetProperty(key).GetRawText());
        string[] expected = _before.GetProperty(table).EnumerateObject().Select(row => row.Name).ToArray();
        string[] still = _after.GetProperty(table).EnumerateObject().Select(row => row.Name).ToArray();
        if (!expected.ToHashSet().SetEquals(rows.Keys) || !expected.ToHashSet().SetEquals(still))
        {
            _differences.Add($"{table}: image has {string.Join(' ', rows.Keys)}; /proc had {string.Join(' ', expected)}, then {string.Join(' ', still)}");
            return;
        }

        foreach (string id in expected)
        {
            CompareRow($"{table}[{id}]", rows[id], _before.GetProperty(table).GetProperty(id), _after.GetProperty(table).GetProperty(id));
        }
    }

    private void CompareRow(string path, JsonElement row, JsonElement before, JsonElement after)
    {
        foreach (JsonProperty field in before.EnumerateObject())
        {
            if (field.Name == "credentials")
            {
                JsonElement index = row.GetProperty("credentials");
                CompareRow(path + ".credentials", _image.GetProperty("credentials")[index.GetInt32()], field.Value, after.GetProperty("credentials"));
            }
            else if (!row.TryGetProperty(field.Name, out JsonElement value))
            {
                _differences.Add($"{path}.{field.Name}: not in the image");
            }
            else if (!Same(field.Value, after.GetProperty(field.Name)))
            {
                if (!_moving.Contains(field.Name))
                {
                    _differences.Add($"{path}.{field.Name}: moved from {field.Value} to {after.GetProperty(field.Name)}");
                }
            }
            else if (!Same(field.Value, value) && !(field.Name == "signals" && IsOwnMask(row, field.Value, value)))
            {
                _differences.Add($"{path}.{field.Name}: image {value}, /proc {field.Value}");
            }
        }

        foreach (JsonProperty unknown in row.EnumerateObject().Where(field => !_derived.Contains(field.Name) && !before.TryGetProperty(field.Name, out _)))
        {
            _differences.Add($"{path}.{unknown.Name}: in the image, but not compared");
        }
    }

    /// <summary>Whether only the mask differs, and the image has the thread's own while it waits in a call that put another in its place.</summary>
    private bool IsOwnMask(JsonElement row, JsonElement proc, JsonElement image) =>
        _image.GetProperty("capture").TryGetProperty("own_masks", out _)
        && proc.EnumerateObject().All(set => set.Name == "blocked" || Same(set.Value, image.GetProperty(set.Name)))
        && _callsWithMask.Contains(File.ReadAllText($"/proc/{row.GetProperty("pid")}/task/{Tid(row)}/syscall").Split(' ')[0]);

    private static JsonElement Tid(JsonElement row) => row.TryGetProperty("tid", out JsonElement tid) ? tid : row.GetProperty("pid");

    private void CompareVmas()
    {
        foreach (JsonElement process in _image.GetProperty("processes").EnumerateArray())
        {
            string pid = process.GetProperty("pid").GetRawText();
            if (!_before.GetProperty("vmas").TryGetProperty(pid, out JsonElement before) || !_after.GetProperty("vmas").TryGetProperty(pid, out JsonElement after))
            {
                continue;
            }

            JsonElement space = process.GetProperty("space");
            JsonElement[] image = space.ValueKind == JsonValueKind.Null ? [] : _image.GetProperty("spaces")[space.GetInt32()].GetProperty("vmas").EnumerateArray().ToArray();
            JsonElement[] expected = before.EnumerateArray().ToArray();
            if (!Same(before, after))
            {
                _differences.Add($"vmas[{pid}]: moved");
            }
            else if (image.Length != expected.Length)
            {
                _differences.Add($"vmas[{pid}]: image {image.Length}, /proc {expected.Length}; only there: {Only(expected, image)}; only in the image: {Only(image, expected)}");
            }
            else
            {
                _differences.AddRange(image.Zip(expected).Where(pair => !SameVma(pair.First, pair.Second)).Select(pair => $"vmas[{pid}]: image {pair.First}, /proc {pair.Second}"));
            }
        }
    }

    /// <summary>The lists of who has which credentials and which VMA list must say the same as the references.</summary>
    private void CompareOwners()
    {
        foreach (JsonElement space in _image.GetProperty("spaces").EnumerateArray())
        {
            int id = space.GetProperty("id").GetInt32();
            int[] users = _image.GetProperty("processes").EnumerateArray()
                .Where(process => process.GetProperty("space").ValueKind == JsonValueKind.Number && process.GetProperty("space").GetInt32() == id)
                .Select(process => process.GetProperty("pid").GetInt32()).ToArray();
            if (!space.GetProperty("pids").EnumerateArray().Select(pid => pid.GetInt32()).SequenceEqual(users))
            {
                _differences.Add($"spaces[{id}].pids: {space.GetProperty("pids")}, used by {string.Join(' ', users)}");
            }
        }
    }

    private static string Only(JsonElement[] these, JsonElement[] those)
    {
        HashSet<string?> known = those.Select(vma => vma.GetProperty("start").GetString()).ToHashSet();
        return string.Join(' ', these.Where(vma => !known.Contains(vma.GetProperty("start").GetString())).Take(3));
    }

    /// <summary>Whether a VMA of the image says what maps says; what it says beyond that is compared with smaps elsewhere.</summary>
    public static bool SameVma(JsonElement image, JsonElement maps) =>
        maps.EnumerateObject().All(field => image.TryGetProperty(field.Name, out JsonElement value) && Same(value, field.Value));

    private static bool Same(JsonElement left, JsonElement right) => JsonElement.DeepEquals(left, right);
}
