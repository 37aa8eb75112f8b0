using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Diff;

/// <summary>Takes images of a running program one after the other and asks <c>ckpt diff</c> what changed.</summary>
public sealed class Comparison : IDisposable
{
    private readonly TempFolder _folder = new();
    private int _taken;

    /// <summary>Dumps a tree.</summary>
    /// <param name="pid">Its root.</param>
    /// <returns>The image's path.</returns>
    public string Take(int pid)
    {
        string image = _folder[$"{_taken++}.ckpt"];
        Ckpt.Run("dump", "-q", "-p", pid.ToString(System.Globalization.CultureInfo.InvariantCulture), "-o", image).Expect(0);
        return image;
    }

    /// <summary>Dumps, lets something happen, dumps again and compares.</summary>
    /// <param name="program">A <c>change</c> workload.</param>
    /// <param name="what">What it does to itself.</param>
    /// <param name="options">Options of <c>diff</c>.</param>
    /// <returns>The changes.</returns>
    public JsonElement[] Of(ChildProcess program, string what, params string[] options)
    {
        string before = Take(program.Pid);
        Tell(program, what);
        return Changes([before, Take(program.Pid), .. options]);
    }

    /// <summary>Has a <c>change</c> workload do something.</summary>
    public static string Tell(ChildProcess program, string what)
    {
        program.Input.WriteLine(what);
        program.Input.Flush();
        return program.WaitForLine("done");
    }

    /// <summary>Runs <c>ckpt diff --json</c> and checks that exit code, summary and list say the same.</summary>
    /// <param name="args">Images and options.</param>
    /// <returns>The changes.</returns>
    public static JsonElement[] Changes(params string[] args)
    {
        RunResult result = Ckpt.Run(["diff", "--json", .. args]);
        Assert.True(result.ExitCode is 0 or 1, result.Stderr);
        JsonElement[] changes = [.. result.Json.GetProperty("changes").EnumerateArray()];
        Assert.Equal(result.ExitCode, changes.Length == 0 ? 0 : 1);
        return changes;
    }

    /// <summary>The changes of one field; the part of the path after the last slash.</summary>
    public static JsonElement[] Field(IEnumerable<JsonElement> changes, string name) =>
        [.. changes.Where(change => change.GetProperty("path").GetString()!.EndsWith("/" + name, StringComparison.Ordinal))];

    /// <summary>The changes of VMAs in all of these respects.</summary>
    public static JsonElement[] Vmas(IEnumerable<JsonElement> changes, params string[] aspects) =>
        [.. changes.Where(change => change.TryGetProperty("aspects", out JsonElement found) && aspects.All(aspect => Strings(found).Contains(aspect)))];

    /// <summary>An array of strings.</summary>
    public static string[] Strings(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];

    /// <summary>The marks of a change.</summary>
    public static string[] Security(JsonElement change) => Strings(change.GetProperty("security"));

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
