using System;
using System.Globalization;

namespace Checkpoint.Cli.Rendering;

/// <summary>Differences of quantities for people.</summary>
internal static class DiffQuantity
{
    /// <summary>A size with a sign, such as +64.0 MiB.</summary>
    internal static string Signed(Int128 bytes) =>
        (bytes < 0 ? "-" : "+") + Quantity.Bytes((ulong)Int128.Min(Int128.Abs(bytes), ulong.MaxValue));

    /// <summary>How much a number grew, such as +12.</summary>
    internal static string Signed(ulong old, ulong @new) =>
        @new >= old ? Number('+', @new - old) : Number('-', old - @new);

    /// <summary>Clock ticks in seconds, such as 1.25 s; as ticks if their length is not known.</summary>
    internal static string Seconds(ulong ticks, uint perSecond) => perSecond == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{ticks} ticks")
        : string.Create(CultureInfo.InvariantCulture, $"{ticks / (decimal)perSecond:0.00} s");

    private static string Number(char sign, ulong distance) => string.Create(CultureInfo.InvariantCulture, $"{sign}{distance}");
}
