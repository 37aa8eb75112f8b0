using System;
using System.Collections.Generic;
using System.Linq;

namespace Checkpoint.Fuzz;

/// <summary>
/// Small files that are formally right and ask for much: rows by the hundred thousand that compress to nothing, one text that all of
/// them refer to, numbers chosen to fall into one bucket of a hash table, lists that each process pairs with another. Changes
/// of single values, which is all that <see cref="NodeMutator"/> makes, never lead to these: they take many equal values at once.
/// </summary>
internal sealed class HeavyImages
{
    /// <summary>A prime that .NET takes for the size of hash tables: its multiples share a bucket.</summary>
    private const int Prime = 21023;

    private readonly SeedImage _seed;

    /// <summary>Prepares.</summary>
    /// <param name="seed">A valid image with a process, whose values stand in all rows.</param>
    internal HeavyImages(SeedImage seed) => _seed = seed;

    /// <summary>Fills sections.</summary>
    /// <param name="sections">Takes the content of sections that differ from the seed's.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="side">0 or 1: two images that differ in every row.</param>
    private delegate void Shape(HeavySections sections, int rows, int side);

    /// <summary>Names of the shapes.</summary>
    internal static IEnumerable<string> Names => Shapes.Select(shape => shape.Name);

    private static readonly (string Name, int Rows, Shape Make)[] Shapes =
    [
        ("long-cmdline", 50, (s, n, side) => s.LongText("processes", "cmdline", n, 900_000)),
        ("long-environ", 60, (s, n, side) => s.LongText("processes", "environ", n, 900_000)),
        ("long-exe", 8000, (s, n, side) => s.LongText("processes", "exe", n, 4000)),
        ("long-cwd", 8000, (s, n, side) => s.LongText("processes", "cwd", n, 4000)),
        ("long-comm", 24_000, (s, n, side) => s.LongText("threads", "comm", n, 63)),
        ("long-label", 10_000, (s, n, side) => s.LongText("credentials", "label", n, 4000)),
        ("long-user", 10_000, (s, n, side) => s.LongText("users", "name", n, 4000)),
        ("long-file", 700, (s, n, side) => s.LongText("files", "name", n, 64_000)),
        ("long-file-vmas", 500_000, (s, n, side) => { s.LongText("files", "name", 1, 60_000); s.Vmas(n, 3, _ => 0, file: 0); }),
        ("strings", 800_000, (s, n, side) => s.Strings(n, 8)),
        ("nul-arguments", 40, (s, n, side) => s.Arguments("cmdline", n, 1_000_000)),
        ("nul-environ", 24, (s, n, side) => s.Arguments("environ", n, 1_000_000)),
        ("tgids-of-one-bucket", Prime, (s, n, side) => s.Processes(n, i => (ulong)Prime * ((ulong)i + 1), side)),
        ("uids-of-one-bucket", 62_851, (s, n, side) => s.Table("users", n, ("uid", i => (ulong)i * 62_851), ("name", _ => 0))),
        ("processes", 25_000, (s, n, side) => s.Processes(n, i => (ulong)i + 1, side)),
        ("threads", 90_000, (s, n, side) => s.Threads(n, side)),
        ("namespaces", 20_000, (s, n, side) => s.Namespaces(n, side)),
        ("groups", 90, (s, n, side) => s.Groups(n, 65_536, side)),
        ("ns-pids", 60_000, (s, n, side) => s.NsPids(n)),
        ("credentials", 75_000, (s, n, side) => s.Credentials(n)),
        ("gaps", 600_000, (s, n, side) => s.Table("gaps", n, ("tgid", _ => 1), ("tid", i => (ulong)i / 4), ("part", null), ("errno", i => (ulong)(i % 4000) + 1))),
        ("events", 600_000, (s, n, side) => s.Table("events", n, ("pass", _ => 1), ("kind", null), ("tgid", _ => 1), ("tid", i => (ulong)i / 4), ("start_time", _ => 1))),
        ("files", 120_000, (s, n, side) => s.Files(n, side)),
        ("vmas", 1_100_000, (s, n, side) => s.Vmas(n, 5, _ => 0)),
        ("vmas-all-flags", 560_000, (s, n, side) => s.Vmas(n, ulong.MaxValue, _ => 0)),
        ("vmas-write-exec", 180_000, (s, n, side) => s.Vmas(n, side == 0 ? 1ul : 7, i => (ulong)i & 1)),
        ("vmas-of-one-hash", 120_000, (s, n, side) => s.Vmas(n, 3, i => ((ulong)i << 20) | (uint)(i ^ side), step: side + 1)),
        ("statistics", 280_000, (s, n, side) => s.Statistics(n)),
        ("pairs-of-lists", 10_000, (s, n, side) => s.Lists(n, 100, 2000, side)),
        ("one-list-for-all", 20_000, (s, n, side) => s.Lists(n, 1, 100_000, side)),
    ];

    /// <summary>Makes one of the shapes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="side">0 or 1: two images that differ as much as they can.</param>
    /// <returns>The file.</returns>
    internal byte[] Make(string name, int side)
    {
        (_, int rows, Shape make) = Shapes.First(shape => shape.Name == name);
        return Make(make, rows, side);
    }

    /// <summary>Makes one at random.</summary>
    /// <param name="random">What decides.</param>
    /// <returns>The file.</returns>
    internal byte[] Make(Random random)
    {
        (_, int rows, Shape make) = Shapes[random.Next(Shapes.Length)];
        return Make(make, Math.Max(1, (int)(rows * (0.2 + random.NextDouble()))), random.Next(2));
    }

    private byte[] Make(Shape make, int rows, int side)
    {
        HeavySections sections = new(_seed);
        make(sections, rows, side);
        return sections.Build();
    }
}
