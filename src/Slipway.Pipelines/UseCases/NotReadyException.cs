using Slipway.Core;

namespace Slipway.Pipelines.UseCases;

/// <summary>The use case cannot work now, and no one did anything wrong: its source has nothing yet, it is paused, it is being taken away.</summary>
public sealed class NotReadyException(string message) : SlipwayException(message);
