using System;

namespace Checkpoint.Tests.TaskDiag;

/// <summary>Hex literals with spaces.</summary>
internal static class Hex
{
    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
