namespace Checkpoint.Cli.Commands;

/// <summary>What help says beyond the options.</summary>
internal static class HelpText
{
    /// <summary>Below the program's help.</summary>
    internal const string Program = """
        Examples:
          ckpt dump -p 1234                 capture a tree into 1234.ckpt
          ckpt inspect 1234.ckpt            what was running
          ckpt inspect 1234.ckpt --json     everything, for other programs
          ckpt validate 1234.ckpt           whether it can be trusted
          ckpt diff old.ckpt new.ckpt       what changed
          ckpt tasks all --cmdline          what is running now
          ckpt check                        what can be captured here, and what is in the way
          ckpt bpf install                  keep the BPF programs in the kernel, for fast captures

        Exit codes:
          0    fine
          1    a negative answer: differs, not valid, nothing matched
          2    usage
          3    input missing, not an image or recording, or damaged
          4    target process gone
          5    permission or kernel feature missing
          6    output failed, nothing left behind
          7    image written, parts are missing (see --allow-partial)
          70   internal error
          130  interrupted, nothing left behind

        """;

    /// <summary>Below the help of <c>dump</c>.</summary>
    internal const string Dump = """
        Examples:
          ckpt dump -p 1234
          ckpt dump -p 1234 -o before.ckpt --force
          ckpt dump -p 1234 --vm-stats      with resident, dirty and swapped sizes of each VMA
          ckpt dump -p 1234 -o - | ssh host 'cat > 1234.ckpt'

        """;

    /// <summary>Below the help of <c>inspect</c>.</summary>
    internal const string Inspect = """
        Examples:
          ckpt inspect 1234.ckpt
          ckpt inspect 1234.ckpt --vmas --pid 1240
          ckpt inspect 1234.ckpt --vmas --where perms=.wx. --where 'path=/usr/*'
          ckpt inspect 1234.ckpt --vmas --where addr=0x7f10a000 --sort size
          ckpt inspect 1234.ckpt --files
          ckpt inspect - --creds < 1234.ckpt
          ckpt inspect torn.ckpt --partial

        """;

    /// <summary>Below the help of <c>diff</c>.</summary>
    internal const string Diff = """
        Examples:
          ckpt diff old.ckpt new.ckpt
          ckpt diff old.ckpt new.ckpt --ignore counters,state --check && echo same
          ckpt diff old.ckpt new.ckpt --only security,vma.grown --json
          ckpt diff old.ckpt --live --tolerance rss=5%
          ckpt diff monday.ckpt tuesday.ckpt --match role
          ckpt diff 1.ckpt 2.ckpt 3.ckpt --retained

        """;

    /// <summary>Below the help of <c>tasks</c>.</summary>
    internal const string Tasks = """
        Examples:
          ckpt tasks all --cred --cmdline
          ckpt tasks threads -p 1234 --stat
          ckpt tasks one -p 1234 --smaps --json
          ckpt tasks all-threads --raw - | ckpt tasks --from -

        """;

    /// <summary>Below the help of <c>check</c>.</summary>
    internal const string Check = """
        Examples:
          ckpt check
          ckpt check bpf procmap-query
          ckpt check --quiet proc-connector && echo "events by netlink"
          ckpt check --json

        """;

    /// <summary>Below the help of <c>bpf</c>.</summary>
    internal const string Bpf = """
        Examples:
          ckpt bpf install
          ckpt bpf status --json
          ckpt bpf status --quiet || ckpt bpf install
          ckpt bpf remove

        Programs are pinned below /sys/fs/bpf/ckpt, for root alone, and stay until they are removed or the system restarts.
        Exit codes of status: 0 this build's are pinned, 1 they are not.

        """;

    /// <summary>Below the help of <c>validate</c>.</summary>
    internal const string Validate = """
        Examples:
          ckpt validate 1234.ckpt
          ckpt validate --quick *.ckpt
          ckpt validate 1234.ckpt --against-live
          ckpt validate damaged.ckpt --salvage rest.ckpt

        Exit codes: 0 all are valid, 1 one is not, 3 one cannot be read.

        """;

    /// <summary>Below the help of <c>version</c>.</summary>
    internal const string Version = """
        Example:
          ckpt version

        """;

    /// <summary>The text for a command.</summary>
    /// <param name="command">Its name.</param>
    /// <returns>Lines, the last one ended.</returns>
    internal static string For(string command) => command switch
    {
        "dump" => Dump,
        "inspect" => Inspect,
        "diff" => Diff,
        "tasks" => Tasks,
        "check" => Check,
        "bpf" => Bpf,
        "validate" => Validate,
        "version" => Version,
        _ => Program,
    };
}
