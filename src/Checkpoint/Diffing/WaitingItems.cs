using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Checkpoint.Diffing;

/// <summary>Indexes that wait for a partner with the same key; of several the first that came goes first.</summary>
/// <typeparam name="TKey">What partners share.</typeparam>
/// <param name="comparer">Hashes keys, if their own hash is not seeded.</param>
internal sealed class WaitingItems<TKey>(IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
{
    /// <summary>To clear a table costs as much as it was ever large: a large one must not stay for the many small ones after it.</summary>
    private const int Large = 256;

    private readonly List<(int Item, int Next)> _items = [];
    private Dictionary<TKey, (int First, int Last)> _byKey = new(comparer);

    /// <summary>How many were added since the last <see cref="Clear"/>.</summary>
    public int Count => _items.Count;

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _items.Clear();
        if (_byKey.Count > Large)
        {
            _byKey = new(comparer);
        }
        else
        {
            _byKey.Clear();
        }
    }

    /// <summary>Lets an item wait.</summary>
    public void Add(TKey key, int item)
    {
        int index = _items.Count;
        _items.Add((item, -1));
        ref (int First, int Last) line = ref CollectionsMarshal.GetValueRefOrAddDefault(_byKey, key, out bool known);
        if (known && line.First >= 0)
        {
            CollectionsMarshal.AsSpan(_items)[line.Last].Next = index;
            line.Last = index;
        }
        else
        {
            line = (index, index);
        }
    }

    /// <summary>Whether just one item waits under a key.</summary>
    public bool IsAlone(TKey key) => _byKey.TryGetValue(key, out (int First, int Last) line) && line.First >= 0 && line.First == line.Last;

    /// <summary>Takes the first that waits under a key.</summary>
    public bool TryTake(TKey key, out int item)
    {
        ref (int First, int Last) line = ref CollectionsMarshal.GetValueRefOrNullRef(_byKey, key);
        if (Unsafe.IsNullRef(ref line) || line.First < 0)
        {
            item = -1;
            return false;
        }

        (item, line.First) = _items[line.First];
        return true;
    }
}
