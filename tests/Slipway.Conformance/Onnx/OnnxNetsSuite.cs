namespace Slipway.Conformance.Onnx;

internal static class OnnxNetsSuite
{
    public static OnnxOutcome Run(OnnxCase suiteCase, IOnnxEngine engine) => OnnxBackendSuite.Run(suiteCase, engine);
}
