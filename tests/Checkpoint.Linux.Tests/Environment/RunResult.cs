using System.Text;
using System.Text.Json;
using Xunit;

namespace Checkpoint.Linux.Tests.Environment;

/// <summary>What a program said.</summary>
/// <param name="ExitCode">Its exit code; 128 + n when a signal ended it.</param>
/// <param name="Stdout">Its standard output, exactly.</param>
/// <param name="Stderr">Its standard error.</param>
public sealed record RunResult(int ExitCode, byte[] Stdout, string Stderr)
{
    /// <summary>Standard output as text.</summary>
    public string Text => Encoding.UTF8.GetString(Stdout);

    /// <summary>Standard output as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Stdout).RootElement;

    /// <summary>Fails the test unless the exit code is this.</summary>
    /// <param name="exitCode">The expected code.</param>
    /// <returns>This result.</returns>
    public RunResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode} instead of {exitCode}; stderr: {Stderr}; stdout: {Text[..System.Math.Min(Text.Length, 2000)]}");
        return this;
    }

    /// <summary>Fails the test unless it failed with this code and exactly one line of explanation, on standard error alone.</summary>
    /// <param name="exitCode">The expected code.</param>
    /// <param name="words">What the line must say, whatever the case.</param>
    public void ExpectOneLine(int exitCode, params string[] words)
    {
        Expect(exitCode);
        Assert.Empty(Stdout);
        Assert.True(Stderr.EndsWith('\n') && Stderr.TrimEnd('\n').Length > 10 && !Stderr[..^1].Contains('\n', System.StringComparison.Ordinal), $"not one line: {Stderr}");
        Assert.DoesNotContain("   at ", Stderr, System.StringComparison.Ordinal);
        foreach (string word in words)
        {
            Assert.Contains(word, Stderr, System.StringComparison.OrdinalIgnoreCase);
        }
    }
}
