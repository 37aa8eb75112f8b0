using System.Collections.Generic;
using System.Runtime.InteropServices;
using Checkpoint.Model;

namespace Checkpoint.Diffing;

/// <summary>
/// Small numbers for what processes are known by, the same for equal text on both sides. Numbers are given in the order
/// of first use, so that nothing depends on hashes, which differ from run to run.
/// </summary>
internal sealed class RoleNames
{
    private readonly Dictionary<ByteString, int> _texts = [];
    private readonly Dictionary<(int, int, int), int> _keys = [];

    /// <summary>The number of a text; -1 for none.</summary>
    public int Text(ByteString? text)
    {
        if (text is not { } bytes)
        {
            return -1;
        }

        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_texts, bytes, out bool known);
        return known ? number : number = _texts.Count;
    }

    /// <summary>The number of a combination.</summary>
    public int Key(int first, int second, int third)
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, (first, second, third), out bool known);
        return known ? number : number = _keys.Count;
    }
}
