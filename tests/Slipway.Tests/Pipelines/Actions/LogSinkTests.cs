using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Pipelines.Actions;
using Slipway.Tests.Pipelines.Connectors;

namespace Slipway.Tests.Pipelines.Actions;

public sealed class LogSinkTests : IDisposable
{
    private static readonly TableSchema Schema = new([new("id", ElementType.Int64), new("city", ElementType.Bytes), new("p", ElementType.Float32)]);

    private readonly UseCaseFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, "plant: id 1, city Bern, p_0 0.1, p_1 0.9|plant: id 2, city (missing), p_0 1, p_1 0")]
    [InlineData("risk {p_1} at {city} {{now}}", "plant: risk 0.9 at Bern {now}|plant: risk 0 at (missing) {now}")]
    [InlineData("{id}{id}", "plant: 11|plant: 22")]
    [InlineData("alert", "plant: alert|plant: alert")]
    public async Task One_line_is_written_for_every_row(string? message, string expected)
    {
        var log = new LogLinesKept();
        await using var sink = new LogSink(message, LogImportance.Warning).Open(Schema, _folder.Context with { Log = log });
        using var rows = new Batch(Tensor.Of<long>("id", [1, 2]), Tensor.OfText("city", "Bern", null), Tensor.Of<float>("p", [0.1f, 0.9f, 1, 0], 2, 2));
        await sink.WriteAsync(rows, "d", default);
        Assert.Equal(expected, string.Join('|', log.Lines));
        Assert.All(log.Levels, level => Assert.Equal(LogLevel.Warning, level));
    }

    [Theory]
    [InlineData("{cty}", "did you mean city?")]
    [InlineData("{", "without its '}'")]
    [InlineData("a } b", "without its '{'")]
    public void Message_that_cannot_be_written_is_refused(string message, string reason)
    {
        var error = Assert.Throws<SpecException>(() => new LogSink(message).Open(Schema, _folder.Context));
        Assert.Equal("message", Assert.Single(error.Problems).Path);
        Assert.Contains(reason, error.Message);
    }

    private sealed class LogLinesKept : ILogger
    {
        public List<string> Lines { get; } = [];

        public List<LogLevel> Levels { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Levels.Add(logLevel);
            Lines.Add(formatter(state, exception));
        }
    }
}
