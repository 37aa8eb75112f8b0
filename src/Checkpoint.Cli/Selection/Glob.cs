using System;

namespace Checkpoint.Cli.Selection;

/// <summary>Patterns of bytes: <c>*</c> is any bytes, slashes included, <c>?</c> any one; everything else, brackets too, is itself.</summary>
internal static class Glob
{
    /// <summary>Whether a name matches. Takes at most their lengths multiplied, whatever the pattern.</summary>
    /// <param name="name">The whole name.</param>
    /// <param name="pattern">The pattern.</param>
    /// <returns>Whether it does.</returns>
    internal static bool IsMatch(ReadOnlySpan<byte> name, ReadOnlySpan<byte> pattern)
    {
        int at = 0;
        int p = 0;
        int star = -1;
        int resume = 0;
        while (at < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = at;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[at]))
            {
                p++;
                at++;
            }
            else if (star >= 0)
            {
                // The last star takes one byte more; those before it need never change.
                p = star + 1;
                at = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart((byte)'*').IsEmpty;
    }
}
