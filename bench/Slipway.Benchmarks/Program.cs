using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Slipway.Benchmarks;
using Slipway.Benchmarks.Onnx;
using Slipway.Benchmarks.Trees;

// --allocations [--update]: exact bytes per operation against bench/allocations.json.
// --convolution-kernels [PART]: the same by every kernel that computes them, to see what is chosen best.
// --convolution [PART]: the convolutions of known networks against the core's peak and ONNX Runtime, at batch 1 on one thread.
// --pmml DIR: rows per second on models of a PMML suite; --pmml-load DIR: time to the first score, in one process.
// --pmml-first-score DIR [--only PART]: the same, in a fresh process for each model; --pmml-forest-load [MB]: how fast a large forest loads. bench/pmml-cold.sh runs both as ./slipway is built.
// --trees DIR [--only PART]: the models of make_tree_models.py against ONNX Runtime, XGBoost and scikit-learn; bench/trees.sh does both.
// --trees-load [MB] [DIR]: how fast tree models of every format load, generated ones of that size and those in DIR; bench/trees-load.sh runs it as ./slipway is built.
// --trees-memory DIR: what open tree models keep in memory, against the least that arrays of their nodes take.
// --gemm [PART]: matrix products against the core's peak, measured in turns; those whose name or size holds PART.
// --onnx [DIR] [--only PART]: networks from a seed, and those in DIR, in our ONNX engine and in ONNX Runtime, in turns; bench/onnx.sh runs it.
// --onnx-alone [--only PART]: what a second thread gains in our engine, where the native runtime's threads take no processor.
// --onnx-load: how fast a model of 100 MB loads, and the memory that it and other networks keep; --onnx-profile MODEL [ROWS [THREADS [DIR]]]: the time of each step of our engine.
// --onnx-passes [PART]: what the optimiser's passes and a second thread gain on graphs made for them.
// --vector-math: nanoseconds per element of the vector functions against loops over System.MathF.
// Anything else goes to BenchmarkDotNet: --filter "*", --list flat, …
if (args is ["--allocations", .. var rest]) return AllocationGate.Run(update: rest is ["--update"]);
if (args is ["--convolution-kernels", .. var kernelLayer] && kernelLayer.Length <= 1) return ConvolutionKernelSpeed.Run(kernelLayer is [var kernelPart] ? kernelPart : "");
if (args is ["--convolution", .. var layer] && layer.Length <= 1) return ConvolutionSpeed.Run(layer is [var layerPart] ? layerPart : "");
if (args is ["--pmml", var suite]) return PmmlSpeed.Run(suite);
if (args is ["--trees", var trees]) return TreeSpeed.Run(trees, "");
if (args is ["--trees", var someTrees, "--only", var shapes]) return TreeSpeed.Run(someTrees, shapes);
if (args is ["--trees-load", .. var loaded] && loaded.Length <= 2) return TreeLoad.Run(loaded);
if (args is ["--vector-math"]) return VectorMathSpeed.Run();
if (args is [TreeLoad.Child, var measure, var model]) return TreeLoad.Measure(measure, model);
if (args is ["--trees-memory", var kept]) return TreeMemory.Run(kept);
if (args is ["--pmml-load", var models]) return PmmlLoad.Run(models);
if (args is ["--pmml-first-score", var opened]) return PmmlFirstScore.Run(opened, "");
if (args is ["--pmml-first-score", var some, "--only", var part]) return PmmlFirstScore.Run(some, part);
if (args is ["--pmml-forest-load", .. var size] && size.Length <= 1) return PmmlForestLoad.Run(size is [var megabytes] ? megabytes : "");
if (args is ["--gemm", .. var product] && product.Length <= 1) return GemmSpeed.Run(product is [var filter] ? filter : "");
if (args is [var command, ..] && command.StartsWith("--onnx", StringComparison.Ordinal)) return OnnxCommand.Run(args);
if (args is [PmmlFirstScore.Child, var file]) return PmmlFirstScore.Measure(file);
if (args is [PmmlForestLoad.Child, var forest]) return PmmlForestLoad.Measure(forest);

// In process: the generated project of the default toolchain would need a restore. Fixed counts: on a busy machine the pilot would go on for minutes.
var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithIterationTime(TimeInterval.FromMilliseconds(200)).WithWarmupCount(4).WithIterationCount(12);
var config = DefaultConfig.Instance.AddJob(job);
BenchmarkSwitcher.FromAssembly(typeof(AllocationGate).Assembly).Run(args, config);
return 0;
