using System.Runtime.CompilerServices;

// Benchmarks force single kernels.
[assembly: InternalsVisibleTo("Slipway.Benchmarks")]
