import fastify from 'fastify'

const app = fastify()
app.get('/', () => ({ status: 'ok' }))
app.post('/', request => request.body)
console.log(await app.listen({ host: '127.0.0.1', port: 0 }))
