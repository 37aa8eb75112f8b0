using System;
using System.Globalization;

namespace Checkpoint.Cli.Selection;

/// <summary>How far a counter may differ without being a difference.</summary>
/// <param name="Name">The counter, or <c>counters</c>.</param>
/// <param name="Amount">By how much, in percent of the larger value or in the counter's unit.</param>
/// <param name="IsPercent">Which of the two.</param>
internal sealed record Tolerance(string Name, decimal Amount, bool IsPercent)
{
    /// <summary>Parses such as rss=5% or vm_size=10M.</summary>
    /// <param name="text">NAME=N%, NAME=N, or NAME=N with K, M or G (powers of 1024).</param>
    /// <returns>The tolerance, or what is wrong with it.</returns>
    internal static (Tolerance? Value, string? Error) Parse(string text)
    {
        int separator = text.IndexOf('=', StringComparison.Ordinal);
        if (separator < 0 || !ChangeWords.IsCounter(text[..separator]))
        {
            return (null, $"--tolerance takes COUNTER=N% or COUNTER=N[K|M|G], with rss, utime… or counters for all of them, not '{text}'");
        }

        string number = text[(separator + 1)..];
        char unit = number.Length > 0 ? number[^1] : ' ';
        decimal scale = unit switch { 'K' => 1024, 'M' => 1024 * 1024, 'G' => 1024 * 1024 * 1024, _ => 1 };
        string digits = unit is 'K' or 'M' or 'G' or '%' ? number[..^1] : number;
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount) && amount <= ulong.MaxValue
            ? (new Tolerance(text[..separator], amount * scale, unit == '%'), null)
            : (null, $"'{number}' in --tolerance is not a number with %, K, M, G or nothing behind it");
    }

    /// <summary>Whether two values are near enough.</summary>
    internal bool Covers(ulong old, ulong @new)
    {
        decimal distance = old > @new ? old - @new : @new - old;
        return distance <= (IsPercent ? Math.Max(old, @new) / 100m * Amount : Amount);
    }
}
