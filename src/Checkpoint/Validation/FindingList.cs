using System.Collections.Generic;

namespace Checkpoint.Validation;

/// <summary>What was found, in the order found. Of one rule only so many are kept, so that no image decides how many there are.</summary>
public sealed class FindingList
{
    /// <summary>Findings of one rule that are kept.</summary>
    public const int KeptOfOneRule = 100;

    private readonly List<Finding> _kept = [];
    private readonly Dictionary<Rule, long> _counts = [];

    /// <summary>The findings that were kept.</summary>
    public IReadOnlyList<Finding> Kept => _kept;

    /// <summary>Findings that were counted and not kept.</summary>
    public long Omitted { get; private set; }

    /// <summary>Adds a finding.</summary>
    /// <param name="finding">The finding.</param>
    public void Add(Finding finding)
    {
        if (Count(finding.Rule))
        {
            _kept.Add(finding);
        }
    }

    /// <summary>How many findings there were, kept or not.</summary>
    /// <param name="severity">Of which severity.</param>
    /// <returns>The number.</returns>
    public long CountOf(Severity severity)
    {
        long sum = 0;
        foreach ((Rule rule, long count) in _counts)
        {
            sum += rule.Severity == severity ? count : 0;
        }

        return sum;
    }

    private bool Count(Rule rule)
    {
        long before = _counts.GetValueOrDefault(rule);
        _counts[rule] = before + 1;
        if (before < KeptOfOneRule)
        {
            return true;
        }

        Omitted++;
        return false;
    }
}
