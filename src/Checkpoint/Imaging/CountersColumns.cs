using System;
using Checkpoint.Model;

namespace Checkpoint.Imaging;

/// <summary>The columns of <see cref="TaskCounters"/>, which <c>processes</c> and <c>threads</c> both have.</summary>
internal static class CountersColumns
{
    /// <summary>Adds the columns.</summary>
    /// <param name="table">Where to.</param>
    /// <param name="counters">A row's counters.</param>
    /// <typeparam name="T">Type of a row.</typeparam>
    public static void Write<T>(TableWriter<T> table, Func<T, TaskCounters> counters) =>
        table.Unsigned("min_flt", r => counters(r).MinFlt)
            .Unsigned("cmin_flt", r => counters(r).CMinFlt)
            .Unsigned("maj_flt", r => counters(r).MajFlt)
            .Unsigned("cmaj_flt", r => counters(r).CMajFlt)
            .Unsigned("u_time", r => counters(r).UTimeTicks)
            .Unsigned("s_time", r => counters(r).STimeTicks)
            .Unsigned("cu_time", r => counters(r).CUTimeTicks)
            .Unsigned("cs_time", r => counters(r).CSTimeTicks);

    /// <summary>Finds the columns.</summary>
    /// <param name="table">Where.</param>
    /// <returns>Their readers.</returns>
    public static ColumnReader[] Find(TableReader table) =>
    [
        table.Column("min_flt"), table.Column("cmin_flt"), table.Column("maj_flt"), table.Column("cmaj_flt"),
        table.Column("u_time"), table.Column("s_time"), table.Column("cu_time"), table.Column("cs_time"),
    ];

    /// <summary>Reads the next row.</summary>
    /// <param name="c">What <see cref="Find"/> returned.</param>
    /// <returns>Its counters.</returns>
    public static TaskCounters Read(ColumnReader[] c) =>
        new(c[0].UInt64(), c[1].UInt64(), c[2].UInt64(), c[3].UInt64(), c[4].UInt64(), c[5].UInt64(), c[6].UInt64(), c[7].UInt64());
}
