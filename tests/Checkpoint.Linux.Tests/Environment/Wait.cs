using System;
using System.Diagnostics;
using System.Threading;
using Xunit;

namespace Checkpoint.Linux.Tests.Environment;

/// <summary>The only place where tests sleep: for a condition, with a deadline; never for a time in which something should have happened.</summary>
public static class Wait
{
    /// <summary>Waits until something is so, and fails when it does not become so.</summary>
    /// <param name="condition">Asked again and again.</param>
    /// <param name="what">What is waited for, for the failure.</param>
    /// <param name="seconds">The deadline: long, for a busy machine.</param>
    public static void Until(Func<bool> condition, string what, int seconds = 60) =>
        Assert.True(Became(condition, seconds), $"not within {seconds} s: {what}");

    /// <summary>Waits until something is so.</summary>
    /// <param name="condition">Asked again and again.</param>
    /// <param name="seconds">The deadline.</param>
    /// <returns>Whether it became so.</returns>
    public static bool Became(Func<bool> condition, int seconds = 60)
    {
        long began = Stopwatch.GetTimestamp();
        for (int pause = 1; !condition(); pause = Math.Min(50, pause * 2))
        {
            if (Stopwatch.GetElapsedTime(began).TotalSeconds > seconds)
            {
                return false;
            }

            Thread.Sleep(pause);
        }

        return true;
    }

    /// <summary>Lets time pass: between two tries, or up to some moment in a program's run where whatever it does is right. Nothing may depend on its length.</summary>
    /// <param name="time">How long.</param>
    public static void Pass(TimeSpan time) => Thread.Sleep(time);

    /// <summary>Lets time pass; see the other.</summary>
    /// <param name="milliseconds">How long.</param>
    public static void Pass(int milliseconds) => Thread.Sleep(milliseconds);
}
