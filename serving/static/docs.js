// The interface's documentation, drawn from openapi.json by Swagger UI, with nothing from elsewhere.

SwaggerUIBundle({ url: "/openapi.json", dom_id: "#interface", validatorUrl: null, deepLinking: true });
