using System.Collections.Generic;

namespace Checkpoint.Linux.Tests.Environment;

/// <summary>Command prefixes that make root's tests act as ordinary users.</summary>
public static class User
{
    /// <summary>The uid and gid of <see cref="Nobody"/>.</summary>
    public const uint NobodyId = 65534;

    /// <summary>Runs what follows as nobody; as it is when the tests are not run by root.</summary>
    public static IReadOnlyList<string> Nobody => As("65534", "65534");

    /// <summary>Runs what follows as another user without supplementary groups or capabilities.</summary>
    /// <param name="user">Name or uid.</param>
    /// <param name="group">Name or gid.</param>
    /// <returns>The prefix; empty when the tests are not run by root.</returns>
    public static IReadOnlyList<string> As(string user, string group) => System.Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid", user, "--regid", group, "--clear-groups", "--inh-caps=-all", "--"]
        : [];
}
