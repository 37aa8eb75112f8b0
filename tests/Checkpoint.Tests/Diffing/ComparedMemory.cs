using System.Collections.Generic;
using System.Linq;
using Checkpoint.Model;
using Xunit;

namespace Checkpoint.Tests.Diffing;

/// <summary>An address space as what each page is, whatever VMAs say so.</summary>
internal sealed class ComparedMemory
{
    private readonly SortedDictionary<ulong, Piece> _pieces = [];

    internal ComparedMemory(AddressSpace? space, IReadOnlyList<MappedFile> files)
    {
        foreach (Vma vma in space is null ? [] : space.Vmas.ToArray())
        {
            Put(vma, files);
        }
    }

    /// <summary>What a range of pages is.</summary>
    private readonly record struct Piece(ulong Start, ulong End, VmaFlags Flags, ulong Shift, MappedFile File, uint PageSize)
    {
        internal bool IsLike(Piece other) => this with { Start = 0, End = 0 } == other with { Start = 0, End = 0 };
    }

    /// <summary>Takes pages away, which must be there just so.</summary>
    internal void Take(Vma vma, IReadOnlyList<MappedFile> files)
    {
        Piece gone = Of(vma, files);
        foreach (Piece piece in _pieces.Values.Where(p => p.Start < gone.End && p.End > gone.Start).ToArray())
        {
            Assert.True(piece.IsLike(gone), $"{piece} is not {gone}");
            _pieces.Remove(piece.Start);
            Put(piece with { End = gone.Start });
            Put(piece with { Start = gone.End });
        }
    }

    /// <summary>Puts pages where none may be.</summary>
    internal void Put(Vma vma, IReadOnlyList<MappedFile> files)
    {
        Piece came = Of(vma, files);
        Assert.DoesNotContain(_pieces.Values, p => p.Start < came.End && p.End > came.Start);
        Put(came);
    }

    /// <summary>The pages as text, neighbours that are alike joined.</summary>
    internal string[] Text()
    {
        List<Piece> joined = [];
        foreach (Piece piece in _pieces.Values)
        {
            if (joined.Count > 0 && joined[^1].End == piece.Start && joined[^1].IsLike(piece))
            {
                joined[^1] = joined[^1] with { End = piece.End };
            }
            else
            {
                joined.Add(piece);
            }
        }

        return [.. joined.Select(piece => piece.ToString())];
    }

    /// <summary>The file's part of a page is the same wherever it is cut: the distance of address and offset.</summary>
    private static Piece Of(Vma vma, IReadOnlyList<MappedFile> files)
    {
        MappedFile file = vma.File < 0 ? default : files[vma.File];
        return new Piece(vma.Start, vma.End, vma.Flags, file.Inode == 0 ? vma.Offset : vma.Offset - vma.Start, file, vma.PageSize);
    }

    private void Put(Piece piece)
    {
        if (piece.End > piece.Start)
        {
            _pieces.Add(piece.Start, piece);
        }
    }
}
