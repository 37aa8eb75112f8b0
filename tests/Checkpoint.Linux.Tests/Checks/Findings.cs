using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Checkpoint.Linux.Tests.Environment;
using Xunit;

namespace Checkpoint.Linux.Tests.Checks;

/// <summary>What <c>ckpt check --json</c> says, run in some environment.</summary>
public sealed class Findings
{
    private readonly Dictionary<string, JsonElement> _features;

    private Findings(RunResult result)
    {
        Result = result;
        Assert.Equal("ckpt.check/1", result.Json.GetProperty("schema").GetString());
        _features = result.Json.GetProperty("features").EnumerateArray().ToDictionary(feature => feature.GetProperty("feature").GetString()!);
    }

    /// <summary>The run.</summary>
    public RunResult Result { get; }

    /// <summary>The ids of all features that were told.</summary>
    public IEnumerable<string> Features => _features.Keys;

    /// <summary>Status, and cause and error where there are any, such as "missing blocked EPERM".</summary>
    /// <param name="feature">The feature's id.</param>
    public string this[string feature] => string.Join(' ', ((string[])["status", "cause", "error"])
        .Select(key => _features[feature].GetProperty(key).GetString()).Where(word => word is not null));

    /// <summary>Another property of a feature.</summary>
    /// <param name="feature">The feature's id.</param>
    /// <param name="key">The property.</param>
    public string? Property(string feature, string key) => _features[feature].GetProperty(key).GetString();

    /// <summary>Checks as this user.</summary>
    /// <param name="features">Ids; none for all.</param>
    public static Findings Here(params string[] features) => Under([], features);

    /// <summary>Checks behind a command that changes the environment and executes the rest of its line.</summary>
    /// <param name="prefix">Program and arguments.</param>
    /// <param name="features">Ids; none for all.</param>
    public static Findings Under(IReadOnlyList<string> prefix, params string[] features) =>
        new(Tool.Run([.. prefix, .. Ckpt.Command(["check", "--json", .. features])], Ckpt.Variables));

    /// <summary>Checks in a mount namespace of its own.</summary>
    /// <param name="commands">Shell commands that prepare it; they may begin other prefixes.</param>
    /// <param name="features">Ids; none for all.</param>
    public static Findings WithMounts(string commands, params string[] features) =>
        Under(["unshare", "--mount", "sh", "-euc", commands + "; exec \"$@\"", "sh"], features);

    /// <summary>Checks while the kernel refuses some calls.</summary>
    /// <param name="rules">As the workload <c>refuse</c> takes them.</param>
    /// <param name="features">Ids; none for all.</param>
    public static Findings Refusing(IReadOnlyList<string> rules, params string[] features) => Under([Workload.Build("refuse"), .. rules, "--"], features);
}
