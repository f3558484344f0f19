using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Slipway.Benchmarks;

// --allocations [--update]: exact bytes per operation against bench/allocations.json. --pmml DIR: rows per second on models of a PMML suite; --pmml-load DIR: time to the first score. Anything else goes to BenchmarkDotNet: --filter "*", --list flat, …
if (args is ["--allocations", .. var rest]) return AllocationGate.Run(update: rest is ["--update"]);
if (args is ["--pmml", var suite]) return PmmlSpeed.Run(suite);
if (args is ["--pmml-load", var models]) return PmmlLoad.Run(models);

// In process: the generated project of the default toolchain would need a restore. Fixed counts: on a busy machine the pilot would go on for minutes.
var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithIterationTime(TimeInterval.FromMilliseconds(200)).WithWarmupCount(4).WithIterationCount(12);
var config = DefaultConfig.Instance.AddJob(job);
BenchmarkSwitcher.FromAssembly(typeof(AllocationGate).Assembly).Run(args, config);
return 0;
