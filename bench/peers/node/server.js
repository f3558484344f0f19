// What a Node user would write: the built-in HTTP server in front of onnxruntime-node.
const http = require('node:http');
const ort = require(process.env.ORT);

(async () => {
  const session = await ort.InferenceSession.create(process.env.MODEL, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  http.createServer((request, response) => {
    const chunks = [];
    request.on('data', c => chunks.push(c));
    request.on('end', async () => {
      const tensor = JSON.parse(Buffer.concat(chunks).toString()).inputs[0];
      const { prediction } = await session.run({ input: new ort.Tensor('float32', Float32Array.from(tensor.data), tensor.shape) });
      const body = JSON.stringify({ model_name: 'bench', outputs: [{ name: 'prediction', shape: prediction.dims, datatype: 'FP32', data: Array.from(prediction.data) }] });
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
      response.end(body);
    });
  }).listen(Number(process.env.PORT), '127.0.0.1');
})();
