namespace Slipway.Core;

/// <summary>An error that a person can act on: the message names the thing, the place, what was expected, what was found, what to do.</summary>
public class SlipwayException : Exception
{
    public SlipwayException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>The model is bad: it does not serve, and the last good one stays.</summary>
public sealed class ModelException : SlipwayException
{
    public ModelException(string message, Exception? inner = null) : base(message, inner) { }

    /// <summary>The file is right, but it uses something that cannot run here.</summary>
    public bool IsUnsupported { get; init; }
}

/// <summary>This record is bad: skip it, quarantine it, answer 4xx, go on.</summary>
public sealed class RecordException : SlipwayException
{
    public RecordException(string message, Exception? inner = null) : base(message, inner) => Reason = message;

    /// <param name="row">The bad row of the batch at hand, counted from 0; the message begins with it.</param>
    public RecordException(int row, string reason, Exception? inner = null) : base($"row {row}: {reason}", inner) => (Row, Reason) = (row, reason);

    /// <summary>The bad row of the batch at hand, counted from 0; null where it is not known.</summary>
    public int? Row { get; }

    /// <summary>The message without the row.</summary>
    public string Reason { get; }
}

/// <summary>The named model, version, alias, use case or sample does not exist.</summary>
public sealed class NotFoundException : SlipwayException
{
    public NotFoundException(string message) : base(message) { }
}
