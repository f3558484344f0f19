using System.Runtime.CompilerServices;

// The suites of ONNX compare values of graphs, not of batches.
[assembly: InternalsVisibleTo("Slipway.Conformance")]
