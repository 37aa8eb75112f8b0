using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestFramework(typeof(Checkpoint.SkipReasons))]

namespace Checkpoint;

/// <summary>
/// xunit's own way to run tests, which at its end says on the console what was skipped and why: <c>dotnet test</c> alone
/// shows no reasons. xunit.runner.json lets the message through.
/// </summary>
public sealed class SkipReasons : XunitTestFramework
{
    private readonly string? _settings;

    /// <summary>Called by xunit.</summary>
    /// <param name="settings">The path of xunit.runner.json.</param>
    public SkipReasons(string? settings)
        : base(settings) => _settings = settings;

    /// <inheritdoc/>
    protected override ITestFrameworkExecutor CreateExecutor(Assembly assembly) =>
        new Executor(new XunitTestAssembly(assembly, _settings));

    private sealed class Executor(IXunitTestAssembly assembly) : XunitTestFrameworkExecutor(assembly)
    {
        public override async ValueTask RunTestCases(
            IReadOnlyCollection<IXunitTestCase> testCases,
            IMessageSink executionMessageSink,
            ITestFrameworkExecutionOptions executionOptions,
            CancellationToken cancellationToken) =>
            await base.RunTestCases(testCases, new Listener(executionMessageSink), executionOptions, cancellationToken).ConfigureAwait(false);
    }

    private sealed class Listener(IMessageSink next) : IMessageSink
    {
        private readonly ConcurrentQueue<string> _reasons = new();

        public bool OnMessage(IMessageSinkMessage message)
        {
            if (message is ITestSkipped skipped)
            {
                _reasons.Enqueue(skipped.Reason);
            }
            else if (message is ITestAssemblyFinished)
            {
                foreach (IGrouping<string, string> same in _reasons.GroupBy(r => r).OrderByDescending(g => g.Count()).ThenBy(g => g.Key))
                {
                    next.OnMessage(new DiagnosticMessage($"{same.Count()} skipped: {same.Key}"));
                }
            }

            return next.OnMessage(message);
        }
    }
}
