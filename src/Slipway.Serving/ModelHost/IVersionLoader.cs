using Slipway.Core;

namespace Slipway.Serving;

/// <summary>Makes a registered version runnable on this machine. Called from several threads.</summary>
public interface IVersionLoader
{
    /// <summary>Materialises, opens, verifies and warms a version. What comes back has proved itself; the caller disposes it.</summary>
    /// <exception cref="ModelException">The version cannot serve: its files are damaged, or its recorded rows do not replay.</exception>
    IModel Load(ModelVersion version, CancellationToken cancellation);
}
